import Foundation
import Kernels

/// Grey pictures in an IDX file, with their labels in another: the form of MNIST and its successors.
public struct IDXSource: ImageSource {
  public let channels = 1
  public let height: Int
  public let width: Int
  public let classNames: [String]
  public let labels: [Int]?
  /// Of a folder of MNIST: files in a second form.
  public internal(set) var leftOut = LeftOut()
  /// The number in the file of the first class.
  private let firstLabel: Int
  private let images: IDXFile

  /// Reads and checks both files; .gz or plain.
  ///
  /// - Parameters:
  ///   - images: unsigned bytes in three dimensions (idx3): count, height, width.
  ///   - labels: unsigned bytes in one dimension (idx1), one for each image; nil for pictures without labels.
  ///   - classNames: names of the classes; a label without a name is an error. Without names the classes are the
  ///     numbers from the smallest label to the largest, and one between them that no image has is an error too,
  ///     because a single wrong label would make classes up.
  public init(images: URL, labels: URL? = nil, classNames: [String]? = nil) throws {
    try self.init(images: images, labels: labels, known: classNames.map { (0, $0) })
  }

  /// The pictures of another split, with the classes of this one.
  ///
  /// - Throws: ``DataError`` as above, and for a label that none of these pictures has.
  public func split(images: URL, labels: URL?) throws -> IDXSource {
    try IDXSource(images: images, labels: labels, known: self.labels == nil ? nil : (firstLabel, classNames))
  }

  /// - Parameter known: the number in the file of the first class, and all names.
  private init(images: URL, labels: URL?, known: (first: Int, names: [String])?) throws {
    self.images = try IDXFile(images, dimensions: 3, of: "images: unsigned bytes in 3 dimensions")
    height = self.images.dimensions[1]
    width = self.images.dimensions[2]
    guard let labels else {
      self.labels = nil
      self.classNames = []
      firstLabel = 0
      return
    }
    let file = try IDXFile(labels, dimensions: 1, of: "labels: unsigned bytes in 1 dimension")
    guard file.dimensions[0] == self.images.dimensions[0] else {
      throw DataError(
        file.path, "\(file.dimensions[0]) labels for the \(self.images.dimensions[0]) images of \(self.images.path)")
    }
    let values = file.bytes[file.start...].map(Int.init)
    let (first, names) = try known ?? Self.numbered(values, of: file.path)
    let last = first + names.count - 1
    if let index = values.firstIndex(where: { $0 < first || $0 > last }) {
      throw DataError(
        file.path, "label \(index) (from 0) is \(values[index]), outside \(first)…\(last)",
        remedy: "is the file that of these images?")
    }
    firstLabel = first
    classNames = names
    self.labels = values.map { $0 - first }
  }

  public var count: Int { images.dimensions[0] }
  public var origin: String { images.path }

  public func digest(at index: Int) -> UInt64 {
    let first = images.start + index * height * width
    let pixels = images.bytes.withUnsafeBytes { ContentDigest.of(UnsafeRawBufferPointer(rebasing: $0[first..<first + height * width])) }
    return ContentDigest.of([UInt64(height), UInt64(width), pixels])
  }

  public func image(at index: Int) throws -> Image {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    let first = images.start + index * height * width
    return Image(
      height: height, width: width, channels: 1, pixels: Array(images.bytes[first..<first + height * width]))
  }

  private static func numbered(_ labels: [Int], of path: String) throws -> (first: Int, names: [String]) {
    var used = [Bool](repeating: false, count: 256)
    for label in labels { used[label] = true }
    let smallest = used.firstIndex(of: true)!
    let largest = used.lastIndex(of: true)!
    if let gap = used[smallest...largest].firstIndex(of: false) {
      let next = used[gap...].firstIndex(of: true)!
      throw DataError(
        path, "label \(labels.firstIndex(of: next)!) (from 0) is \(next), but no image has \(gap)",
        remedy: "is it out of range? If not, number the classes without gaps or give their names")
    }
    return (smallest, (smallest...largest).map(String.init))
  }
}
