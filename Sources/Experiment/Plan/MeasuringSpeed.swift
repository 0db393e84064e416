import Evaluation
import Foundation
import Kernels

/// How fast this machine trains probes and draws pictures: a short benchmark, once a process.
struct MeasuringSpeed: Sendable {
  static let shared = MeasuringSpeed()

  /// Of one pair of points in the picture.
  let mapSecondsPerPair: Double
  /// Of a sample, a feature and a class in an epoch of a probe.
  let probeSecondsPerProduct: Double
  /// Of a sample and a feature, whatever the number of classes.
  let probeSecondsPerNumber: Double
  /// Of a multiply-add of two large matrices.
  let secondsPerProduct: Double

  private init() {
    func seconds(_ body: () throws -> Void) -> Double {
      let start = ContinuousClock.now
      try? body()
      return (ContinuousClock.now - start).seconds
    }
    func features(_ count: Int, classes: Int) throws -> Features {
      var random = CounterRandom(seed: 0, .synthetic)
      return try Features(random.normal(shape: [count, 64]), labels: (0..<count).map { $0 % classes })
    }
    let points = 60
    mapSecondsPerPair = seconds { _ = try PlanarMap(try features(points, classes: 2)) } / Double(points * points)
    let (samples, epochs) = (1000, 4)
    func probe(classes: Int) -> Double {
      let options = LinearProbe.Options(epochs: epochs, batch: 250)
      return seconds { _ = try LinearProbe.train(on: try features(samples, classes: classes), classes: classes, options: options) }
        / Double(epochs * samples * 64)
    }
    let (few, many) = (probe(classes: 2), probe(classes: 102))
    probeSecondsPerProduct = max(0, (many - few) / 100)
    probeSecondsPerNumber = max(0, few - 2 * probeSecondsPerProduct)
    let x = Tensor(repeating: 1, shape: [256, 256])
    secondsPerProduct = seconds { for _ in 0..<4 { _ = try matmul(x, x, transposeB: true) } } / Double(4 * 256 * 256 * 256)
  }
}
