import Foundation

/// How class sizes fall from the largest class to the smallest, and which images are drawn: the split of Cao et al.,
/// "Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss" (2019), bit-equal to the published ones.
///
/// With N images of C classes, n = N/C and factor f = 1/imbalance, the class of rank k = 0 … C−1 gets
/// - exponential: ⌊n · f^(k/(C−1))⌋ images;
/// - step: ⌊n⌋ images for the ⌊C/2⌋ first ranks, ⌊n · f⌋ for the others;
/// - none: all images are kept, in their order, and nothing is drawn.
///
/// The draw: for each class in *label* order, whatever its rank, the indices of all its images are shuffled by
/// ``LegacyRandom`` and the first ones kept. So smaller selections of one seed lie inside larger ones.
///
/// ## Edge cases
/// A factor of 1 keeps all images, also of classes of different sizes. A class that has fewer images than it gets keeps
/// what it has. A class may get none where n · f < 1. A single class
/// keeps all it has.
public struct LongTailProfile: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    case none
    case exponential
    case step

    /// By the word other codes use too: `exp` is `exponential`.
    public init?(word: String) { self.init(rawValue: word == "exp" ? "exponential" : word) }
  }

  public let kind: Kind
  /// Size of the smallest class over that of the largest: 0 < factor ≤ 1.
  public let factor: Double
  /// Seeds the draw.
  public let seed: UInt32
  /// `classOrder[rank]` is the class of that rank; label order if nil.
  public let classOrder: [Int]?

  /// - Parameter imbalance: size of the largest class over that of the smallest.
  /// - Throws: ``DataError`` if `imbalance` is not a finite number ≥ 1, or `classOrder` not a permutation of 0 ..< its
  ///   count.
  public init(_ kind: Kind, imbalance: Double, seed: UInt32 = 0, classOrder: [Int]? = nil) throws {
    guard imbalance.isFinite, imbalance >= 1 else {
      throw DataError(
        Self.subject, "imbalance is \(imbalance)",
        remedy: "it is the largest class's size over the smallest's, a number of at least 1"
          + (imbalance > 0 && imbalance < 1 ? "; did you mean \(1 / imbalance)?" : ""))
    }
    try self.init(kind, factor: 1 / imbalance, seed: seed, classOrder: classOrder)
  }

  /// - Parameter factor: the inverse of the imbalance, as other codes and the golden cases have it.
  /// - Throws: ``DataError`` if `factor` is not in 0 < factor ≤ 1, or `classOrder` not a permutation.
  public init(_ kind: Kind, factor: Double, seed: UInt32 = 0, classOrder: [Int]? = nil) throws {
    guard factor > 0, factor <= 1 else {
      throw DataError(Self.subject, "factor is \(factor)", remedy: "it is above 0 and at most 1")
    }
    if let classOrder {
      var seen = Set<Int>()
      for (rank, label) in classOrder.enumerated() {
        guard (0..<classOrder.count).contains(label), seen.insert(label).inserted else {
          throw DataError(
            Self.subject, "class order has \(label) at place \(rank) (from 0)",
            remedy: "each of the classes 0…\(classOrder.count - 1) must stand in it once")
        }
      }
    }
    self.kind = kind
    self.factor = factor
    self.seed = seed
    self.classOrder = classOrder
  }

  private static let subject = "long-tailed selection"
}

extension LongTailProfile {
  /// What a profile keeps.
  public struct Split: Hashable, Sendable {
    /// The images kept: class by class in label order, in the order of the draw (all in their own order for `none`).
    public let indices: [Int]
    /// How many of each class, by label.
    public let counts: [Int]
  }

  /// The images kept of a labelled set.
  ///
  /// - Parameter classCount: C; classes without images count as well.
  /// - Throws: ``DataError`` if there are no labels, one is outside 0 ..< `classCount`, or the class order has another
  ///   number of classes.
  public func split(labels: [Int], classCount: Int) throws -> Split {
    guard !labels.isEmpty, classCount > 0 else { throw DataError(Self.subject, "there are no labels") }
    var members = [[Int]](repeating: [], count: classCount)
    for (index, label) in labels.enumerated() {
      guard label >= 0, label < classCount else {
        throw DataError(Self.subject, "label of image \(index) (from 0) is \(label), outside 0…\(classCount - 1)")
      }
      members[label].append(index)
    }
    let wanted = try sizes(imageCount: labels.count, classCount: classCount)
    if kind == .none { return Split(indices: Array(labels.indices), counts: members.map(\.count)) }
    var random = LegacyRandom(seed: seed)
    var indices: [Int] = []
    var counts: [Int] = []
    for label in 0..<classCount {
      random.shuffle(&members[label])
      let kept = factor == 1 ? members[label][...] : members[label].prefix(wanted[label])
      indices += kept
      counts.append(kept.count)
    }
    return Split(indices: indices, counts: counts)
  }

  /// The size each class gets, by label, in a set of as many images of each class (⌊n⌋ each for `none`).
  ///
  /// - Throws: ``DataError`` if the class order has another number of classes.
  public func sizes(imageCount: Int, classCount: Int) throws -> [Int] {
    if let classOrder, classOrder.count != classCount {
      throw DataError(Self.subject, "class order has \(classOrder.count) classes, the images have \(classCount)")
    }
    let largest = Double(imageCount) / Double(classCount)
    var sizes = [Int](repeating: 0, count: classCount)
    for rank in 0..<classCount {
      let share =
        switch kind {
        case .none: 1.0
        case .exponential: classCount == 1 ? 1 : pow(factor, Double(rank) / Double(classCount - 1))
        case .step: classCount == 1 || rank < classCount / 2 ? 1 : factor
        }
      sizes[classOrder?[rank] ?? rank] = Int(largest * share)
    }
    return sizes
  }
}
