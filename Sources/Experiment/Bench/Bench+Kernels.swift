import Kernels
import NeuralNet

// Single operations. Inputs are normal numbers, the same each time; making them is not timed.

extension Bench {
  /// Normal numbers, different for each `part`.
  static func normal(_ shape: Shape, part: Int = 0, deviation: Double = 1) -> Tensor {
    var random = CounterRandom(seed: 0, .synthetic, sample: part)
    return random.normal(deviation: deviation, shape: shape)
  }

  /// Convolutions of ResNets, each direction by itself.
  static func convolutions(_ choice: ConvolutionChoice) -> [Workload] {
    let sizes = [
      (64, 64, 32, 64, 3, 1), (64, 64, 32, 128, 3, 2), (64, 128, 16, 128, 3, 1), (64, 256, 8, 256, 3, 1),
      (64, 256, 8, 512, 3, 2), (64, 512, 4, 512, 3, 1), (64, 128, 16, 256, 1, 2), (64, 3, 32, 64, 3, 1),
      (128, 16, 32, 16, 3, 1),
    ]
    return sizes.flatMap { n, c, h, k, r, s -> [Workload] in
      let name = "conv2d/n\(n)_c\(c)_h\(h)_k\(k)_r\(r)_s\(s)"
      let input: Shape = [n, h, h, c]
      @Sendable func planned() throws -> Convolution {
        try choice.plan(input: input, outputChannels: k, kernel: r, stride: s, padding: r / 2)
      }
      let algorithm = (try? planned())?.algorithm
      @Sendable func plan() throws -> (plan: Convolution, x: Tensor, weight: Tensor, dOutput: Tensor) {
        let plan = try planned()
        return (
          plan, normal(input), normal(plan.weightShape, part: 1, deviation: 0.05), normal(plan.outputShape, part: 2)
        )
      }
      let forward = Workload("\(name)/forward", algorithm: algorithm) {
        let (plan, x, weight, _) = try plan()
        return { _ = try plan.forward(x, weight) }
      }
      let data = Workload("\(name)/backward_data", algorithm: algorithm) {
        let (plan, _, weight, dOutput) = try plan()
        return { _ = try plan.backwardData(dOutput, weight) }
      }
      let gradient = Workload("\(name)/backward_weight", algorithm: algorithm) {
        let (plan, x, _, dOutput) = try plan()
        return { _ = try plan.backwardWeight(dOutput, x) }
      }
      // The gradient of the images themselves is wanted by nobody.
      return c == 3 ? [forward, gradient] : [forward, data, gradient]
    }
  }
}
