import Kernels

/// Pictures by number, as data sets give them; or points, which have all of it but pictures.
///
/// Everything but the pixels is known once the source is made; `image(at:)` may read a file, and is called from several
/// threads at once.
public protocol ImageSource: Sendable {
  var count: Int { get }
  /// Channels of every picture, 1 or 3; or coordinates of every point.
  var channels: Int { get }
  /// Names of the classes, by label; empty where there are no labels.
  var classNames: [String] { get }
  /// The label of each picture, 0 ..< classNames.count; nil where there are none.
  var labels: [Int]? { get }
  /// Where the pictures come from, for messages: a file or folder.
  var origin: String { get }
  /// The samples themselves, N × ``channels``, where they are points and no pictures; else nil.
  var points: Tensor? { get }
  /// What lies at the source's place and is none of its pictures.
  var leftOut: LeftOut { get }
  /// What a picture is called below the source's place; nil where pictures have no names but their numbers.
  func name(at index: Int) -> String?
  /// Tells a picture's contents from others; of no meaning where ``points`` are all there is.
  func digest(at index: Int) -> UInt64
  /// Throws ``DataError`` naming the file where it cannot be read. Programmer error: an index outside traps.
  func image(at index: Int) throws -> Image
}

extension ImageSource {
  public var origin: String { "images" }
  public var points: Tensor? { nil }
  public var leftOut: LeftOut { LeftOut() }
  public func name(at index: Int) -> String? { nil }

  /// Of the pixels, for sources that have nothing quicker; one that cannot be read has the digest of nothing.
  public func digest(at index: Int) -> UInt64 {
    guard points == nil, let image = try? image(at: index) else { return 0 }
    return ContentDigest.of([UInt64(image.height), UInt64(image.width), ContentDigest.of(image.pixels)])
  }

  /// Pictures of each class, by label; empty without labels.
  public var classCounts: [Int] {
    guard let labels else { return [] }
    var counts = [Int](repeating: 0, count: classNames.count)
    for label in labels { counts[label] += 1 }
    return counts
  }
}
