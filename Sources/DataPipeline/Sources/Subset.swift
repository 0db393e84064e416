import Kernels

/// Some pictures of another source, in an order of their own; a picture may occur more than once.
public struct Subset: ImageSource {
  /// The source the indices count in: never itself a `Subset`.
  public let base: any ImageSource
  /// The number in ``base`` of each picture.
  public let indices: [Int]
  public let labels: [Int]?
  public let points: Tensor?

  /// Programmer error: an index outside `base` traps.
  public init(_ base: any ImageSource, indices: [Int]) {
    for index in indices { precondition(index >= 0 && index < base.count, "image \(index) of \(base.count)") }
    if let subset = base as? Subset {
      self.base = subset.base
      self.indices = indices.map { subset.indices[$0] }
    } else {
      self.base = base
      self.indices = indices
    }
    labels = base.labels.map { labels in indices.map { labels[$0] } }
    points = base.points?.rows(indices)
  }

  public var count: Int { indices.count }
  public var channels: Int { base.channels }
  public var classNames: [String] { base.classNames }
  public var origin: String { base.origin }
  public var leftOut: LeftOut { base.leftOut }
  public func name(at index: Int) -> String? { base.name(at: indices[index]) }
  public func digest(at index: Int) -> UInt64 { base.digest(at: indices[index]) }
  public func image(at index: Int) throws -> Image { try base.image(at: indices[index]) }
}

extension ImageSource {
  /// The first `count` pictures of each class, in the order of this source.
  ///
  /// - Parameter skipped: pictures of each class passed over before, for a selection disjoint from an earlier one.
  /// - Throws: ``DataError`` without labels, if `count` < 1 or `skipped` < 0, or if a class has fewer pictures.
  public func limited(perClass count: Int, skipping skipped: Int = 0) throws -> Subset {
    guard let labels else { throw DataError(origin, "a number of images for each class needs labels; it has none") }
    guard count >= 1, skipped >= 0 else {
      throw DataError(origin, "\(count) images of each class after the first \(skipped) are asked for")
    }
    let sizes = classCounts
    if let short = sizes.firstIndex(where: { $0 - skipped < count }) {
      let asked = skipped == 0 ? "\(count)" : "\(count) after the first \(skipped)"
      throw DataError(
        origin,
        "class \(short) (\(classNames[short])) has \(sizes[short]) images; \(asked) of each class are asked for",
        remedy: sizes.min()! > skipped
          ? "ask for at most \(sizes.min()! - skipped)" : "add images to it, or leave the number out")
    }
    var seen = [Int](repeating: 0, count: sizes.count)
    let chosen = labels.indices.filter { index in
      let rank = seen[labels[index]]
      seen[labels[index]] += 1
      return rank >= skipped && rank - skipped < count
    }
    return Subset(self, indices: chosen)
  }

  /// The pictures a long-tailed profile keeps, class by class.
  ///
  /// - Throws: ``DataError`` without labels, or if the profile's class order does not fit the classes.
  public func longTailed(_ profile: LongTailProfile) throws -> Subset {
    guard let labels else { throw DataError(origin, "a long-tailed selection needs labels; it has none") }
    return Subset(self, indices: try profile.split(labels: labels, classCount: classNames.count).indices)
  }
}
