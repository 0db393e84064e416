import Kernels
import TestSupport
import Testing

/// The network kernels against values computed by torch in float64. Files hold N C H W and K C R S.
@Suite struct GoldenNetworkTests {
  @Test(arguments: try GoldenCase.names(prefix: "conv2d_"))
  func convolution(_ name: String) throws {
    let golden = try GoldenCase(name)
    let input = golden.tensor("in.input").toNHWC()
    let weight = golden.tensor("in.weight").toKRSC()
    let dOutput = golden.tensor("in.grad_output").toNHWC()
    let plan = try Convolution(
      input: input.shape, outputChannels: weight.shape[0], kernel: (weight.shape[1], weight.shape[2]),
      stride: golden.integer("stride")!, padding: golden.integer("padding")!, precision: .exact)
    #expect(golden.excess("output", try plan.forward(input, weight).toNCHW()) <= 1)
    #expect(golden.excess("grad_input", try plan.backwardData(dOutput, weight).toNCHW()) <= 1)
    #expect(golden.excess("grad_weight", try plan.backwardWeight(dOutput, input).toKCRS()) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "batch_norm_"))
  func batchNorm(_ name: String) throws {
    let golden = try GoldenCase(name)
    func load(_ name: String) -> Tensor {
      let tensor = golden.tensor(name)
      return tensor.shape.rank == 4 ? tensor.toNHWC() : tensor
    }
    func store(_ tensor: Tensor) -> Tensor { tensor.shape.rank == 4 ? tensor.toNCHW() : tensor }
    let (input, dOutput) = (load("in.input"), load("in.grad_output"))
    let (weight, bias) = (golden.tensor("in.weight"), golden.tensor("in.bias"))
    var mean = golden.tensor("in.running_mean")
    var variance = golden.tensor("in.running_var")
    let norm = BatchNorm(epsilon: golden.float("eps")!, momentum: golden.float("momentum")!)
    let training = golden.params["training"] as! Bool
    let (output, statistics) =
      training
      ? try norm.forwardTraining(
        input, weight: weight, bias: bias, runningMean: &mean, runningVariance: &variance)
      : try norm.forwardEvaluation(
        input, weight: weight, bias: bias, runningMean: mean, runningVariance: variance)
    let gradients = try norm.backward(
      dOutput, input: input, weight: weight, bias: bias, statistics: statistics)
    #expect(golden.excess("output", store(output)) <= 1)
    #expect(golden.excess("running_mean", mean) <= 1)
    #expect(golden.excess("running_var", variance) <= 1)
    #expect(golden.excess("grad_input", store(gradients.input)) <= 1)
    #expect(golden.excess("grad_weight", gradients.weight) <= 1)
    #expect(golden.excess("grad_bias", gradients.bias) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "linear_"))
  func linear(_ name: String) throws {
    let golden = try GoldenCase(name)
    let (input, weight) = (golden.tensor("in.input"), golden.tensor("in.weight"))
    let output = try Linear.forward(input, weight: weight, bias: golden.tensor("in.bias"))
    let gradients = try Linear.backward(golden.tensor("in.grad_output"), input: input, weight: weight)
    #expect(golden.excess("output", output) <= 1)
    #expect(golden.excess("grad_input", gradients.input) <= 1)
    #expect(golden.excess("grad_weight", gradients.weight) <= 1)
    #expect(golden.excess("grad_bias", gradients.bias) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "max_pool2d_"))
  func maxPool(_ name: String) throws {
    let golden = try GoldenCase(name)
    let input = golden.tensor("in.input").toNHWC()
    let kernel = golden.integer("kernel")!
    let pool = try MaxPool2d(
      input: input.shape, kernel: (kernel, kernel), stride: golden.integer("stride")!,
      padding: golden.integer("padding")!)
    let (output, positions) = try pool.forward(input)
    let dInput = try pool.backward(golden.tensor("in.grad_output").toNHWC(), positions: positions)
    #expect(golden.excess("output", output.toNCHW()) <= 1)
    #expect(golden.excess("grad_input", dInput.toNCHW()) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "global_avg_pool_"))
  func globalAverage(_ name: String) throws {
    let golden = try GoldenCase(name)
    let input = golden.tensor("in.input").toNHWC()
    let dInput = try globalAveragePoolBackward(golden.tensor("in.grad_output"), inputShape: input.shape)
    #expect(golden.excess("output", try globalAveragePool(input)) <= 1)
    #expect(golden.excess("grad_input", dInput.toNCHW()) <= 1)
  }
}
