import Kernels

/// Layers of networks. Files hold N C H W and K C R S; kernels work on N H W C and K R S C.
extension GoldenOperations {
  static let network: [String: Operation] = [
    "conv2d": convolution, "batch_norm": batchNorm, "linear": linear, "max_pool2d": maxPool,
    "global_avg_pool": globalAveragePool,
  ]

  private static let convolution: Operation = { golden in
    let input = try golden.tensor("input", rank: 4).toNHWC()
    let weight = try golden.tensor("weight", rank: 4).toKRSC()
    let gradient = try golden.tensor("grad_output", rank: 4).toNHWC()
    let plan = try Convolution(
      input: input.shape, outputChannels: weight.shape[0], kernel: (weight.shape[1], weight.shape[2]),
      stride: try golden.integer("stride"), padding: try golden.integer("padding"), precision: .exact)
    var results = GoldenResults()
    results.set("output", try plan.forward(input, weight).toNCHW())
    results.set("grad_input", try plan.backwardData(gradient, weight).toNCHW())
    results.set("grad_weight", try plan.backwardWeight(gradient, input).toKCRS())
    return results
  }

  private static let batchNorm: Operation = { golden in
    let isImage = try golden.file("input").shape.count == 4
    func rows(_ name: String) throws -> Tensor {
      let tensor = try golden.tensor(name, rank: isImage ? 4 : 2)
      return isImage ? tensor.toNHWC() : tensor
    }
    let (input, gradient) = (try rows("input"), try rows("grad_output"))
    let (weight, bias) = (try golden.tensor("weight", rank: 1), try golden.tensor("bias", rank: 1))
    var mean = try golden.tensor("running_mean", rank: 1)
    var variance = try golden.tensor("running_var", rank: 1)
    let norm = BatchNorm(epsilon: try golden.float("eps"), momentum: try golden.float("momentum"))
    let (output, statistics) =
      try golden.bool("training")
      ? try norm.forwardTraining(
        input, weight: weight, bias: bias, runningMean: &mean, runningVariance: &variance)
      : try norm.forwardEvaluation(
        input, weight: weight, bias: bias, runningMean: mean, runningVariance: variance)
    let gradients = try norm.backward(gradient, input: input, weight: weight, bias: bias, statistics: statistics)
    var results = GoldenResults()
    results.set("output", isImage ? output.toNCHW() : output)
    results.set("grad_input", isImage ? gradients.input.toNCHW() : gradients.input)
    results.set("grad_weight", gradients.weight)
    results.set("grad_bias", gradients.bias)
    results.set("running_mean", mean)
    results.set("running_var", variance)
    return results
  }

  private static let linear: Operation = { golden in
    let input = try golden.tensor("input", rank: 2)
    let weight = try golden.tensor("weight", rank: 2)
    let gradients = try Linear.backward(try golden.tensor("grad_output", rank: 2), input: input, weight: weight)
    var results = GoldenResults()
    results.set("output", try Linear.forward(input, weight: weight, bias: try golden.tensor("bias", rank: 1)))
    results.set("grad_input", gradients.input)
    results.set("grad_weight", gradients.weight)
    results.set("grad_bias", gradients.bias)
    return results
  }

  private static let maxPool: Operation = { golden in
    let input = try golden.tensor("input", rank: 4).toNHWC()
    let kernel = try golden.integer("kernel")
    let plan = try MaxPool2d(
      input: input.shape, kernel: (kernel, kernel), stride: try golden.integer("stride"),
      padding: try golden.integer("padding"))
    let (output, positions) = try plan.forward(input)
    let gradient = try golden.tensor("grad_output", rank: 4).toNHWC()
    var results = GoldenResults()
    results.set("output", output.toNCHW())
    results.set("grad_input", try plan.backward(gradient, positions: positions).toNCHW())
    return results
  }

  private static let globalAveragePool: Operation = { golden in
    let input = try golden.tensor("input", rank: 4).toNHWC()
    let gradient = try golden.tensor("grad_output", rank: 2)
    var results = GoldenResults()
    results.set("output", try Kernels.globalAveragePool(input))
    results.set("grad_input", try globalAveragePoolBackward(gradient, inputShape: input.shape).toNCHW())
    return results
  }
}
