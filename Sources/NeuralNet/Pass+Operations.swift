import Kernels

// The kernels as steps of a tape. Each one keeps exactly what its gradient needs, and computes no
// gradient for a constant (the first convolution's images).

extension Pass {
  /// N×H×W×C with a weight K×R×S×C → N×P×Q×K, as planned. Weights outside the mask count as 0.
  func convolution(_ x: Variable, _ weight: Parameter, mask: Tensor?, _ plan: Convolution) throws -> Variable {
    let value = try mask.map { try weight.value.masked(by: $0) } ?? weight.value
    let output = try plan.forward(x.value, value)
    guard let tape else { return Variable(output) }
    let input = x.value
    let wantsInput = x.node != nil
    return tape.record(output, addingTo: x) { dOutput, dInput in
      let dWeight = try plan.backwardWeight(dOutput, input)
      try weight.accumulate(mask.map { try dWeight.masked(by: $0) } ?? dWeight)
      guard wantsInput else { return }
      if dInput == nil {
        dInput = try plan.backwardData(dOutput, value)
      } else {
        try plan.addBackwardData(dOutput, value, to: &dInput!)
      }
    }
  }

  /// N×in → N×out.
  func linear(_ x: Variable, _ weight: Parameter, _ bias: Parameter?) throws -> Variable {
    let output = try Linear.forward(x.value, weight: weight.value, bias: bias?.value)
    guard let tape else { return Variable(output) }
    let input = x.value
    let wantsInput = x.node != nil
    return tape.record(output, inputs: [x]) { dOutput in
      try weight.accumulate(try Linear.backwardWeight(dOutput, input: input))
      try bias?.accumulate(Linear.backwardBias(dOutput))
      return [wantsInput ? try Linear.backwardInput(dOutput, weight: weight.value) : nil]
    }
  }

  /// The positive part.
  func relu(_ x: Variable) throws -> Variable {
    let output = Kernels.relu(x.value)
    guard let tape else { return Variable(output) }
    return tape.record(output, inputs: [x]) { [try reluBackward($0, output: output)] }
  }

  /// The largest value of each window: N×H×W×C → N×P×Q×C.
  func maxPool(_ x: Variable, _ plan: MaxPool2d) throws -> Variable {
    let (output, positions) = try plan.forward(x.value)
    guard let tape else { return Variable(output) }
    return tape.record(output, inputs: [x]) { [try plan.backward($0, positions: positions)] }
  }

  /// The mean over all pixels: N×H×W×C → N×C.
  func globalAveragePool(_ x: Variable) throws -> Variable {
    let output = try Kernels.globalAveragePool(x.value)
    guard let tape else { return Variable(output) }
    let shape = x.shape
    return tape.record(output, inputs: [x]) { [try globalAveragePoolBackward($0, inputShape: shape)] }
  }
}
