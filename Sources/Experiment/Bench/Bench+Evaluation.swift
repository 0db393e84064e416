import Evaluation
import Kernels

extension Bench {
  /// Two epochs of the linear probe on 10,000 features.
  static var probes: [Workload] {
    [
      Workload("linear_probe/n10000_d512_c100_e2") {
        var random = CounterRandom(seed: 0, .synthetic, sample: 9)
        let labels = (0..<10_000).map { _ in random.integer(below: 100) }
        let training = try Features(normal([10_000, 512]), labels: labels)
        let options = LinearProbe.Options(epochs: 2)
        return { _ = try LinearProbe.train(on: training, classes: 100, options: options) }
      }
    ]
  }
}
