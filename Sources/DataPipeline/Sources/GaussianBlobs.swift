import Foundation
import Kernels

/// Points in the plane in place of pictures: one Gaussian cloud a class, the clouds' centres evenly on a circle. Class c
/// of C has its centre at the angle 360° (c + ½) / C, so that four lie at 45°, 135°, 225° and 315°.
public struct GaussianBlobs: ImageSource {
  public let points: Tensor?
  public let labels: [Int]?
  public let classNames: [String]
  /// Coordinates of a point.
  public let channels = 2
  public let count: Int
  public var origin: String { "blobs" }

  /// The points of a class stand together, classes in order; a point depends on seed, split and its number alone.
  ///
  /// - Parameters:
  ///   - radius: distance of the centres from the origin.
  ///   - deviation: standard deviation of each coordinate.
  /// Programmer error: no class, or no point of one, traps.
  public init(
    classes: Int, perClass: Int, radius: Double, deviation: Double, seed: UInt64, split: DataSplit
  ) {
    precondition(classes >= 1 && perClass >= 1, "\(perClass) points of \(classes) classes")
    count = classes * perClass
    var values: [Float] = []
    values.reserveCapacity(2 * count)
    for sample in 0..<count {
      var random = CounterRandom(seed: seed, .synthetic, epoch: split == .train ? 0 : 1, sample: sample)
      let angle = 2 * Double.pi * (Double(sample / perClass) + 0.5) / Double(classes)
      values.append(Float(radius * cos(angle) + deviation * random.normal()))
      values.append(Float(radius * sin(angle) + deviation * random.normal()))
    }
    points = Tensor(values, shape: [count, 2])
    labels = (0..<count).map { $0 / perClass }
    classNames = (0..<classes).map { "blob \($0)" }
  }

  /// Throws: a point is no picture.
  public func image(at index: Int) throws -> Image { throw DataError(origin, "points are not pictures") }
}
