import Kernels
import NeuralNet
import TestSupport
import Testing
import Training

@Suite struct OptimizerTests {
  @Test func sgdFollowsTheGoldenTrajectory() throws {
    let golden = try GoldenCase("sgd_00")
    let gradients = golden.tensor("in.gradients")
    let (steps, count) = gradients.shape.rowsAndColumns
    let parameter = Parameter(name: "p", value: golden.tensor("in.parameter"))
    let sgd = SGDOptimizer(.init(momentum: golden.number("momentum")!, weightDecay: golden.number("weight_decay")!))
    var trajectory: [Double] = []
    for step in 0..<steps {
      parameter.clearGradient()
      try parameter.accumulate(Tensor(Array(gradients.values[step * count..<(step + 1) * count]), shape: [count]))
      try sgd.update([parameter], learningRate: golden.number("lr")!)
      trajectory += parameter.value.values.map(Double.init)
    }
    #expect(golden.excess("trajectory", trajectory) <= 1)
  }

  /// By hand, gradient 1 twice: v = 1 and a move of 1 + 0.5 · 1; then v = 1.5 and a move of 1 + 0.5 · 1.5.
  @Test func nesterovLooksAhead() throws {
    let parameter = Parameter(name: "p", value: Tensor([1], shape: [1]))
    let sgd = SGDOptimizer(.init(momentum: 0.5, weightDecay: 0, nesterov: true))
    for expected: Float in [0.85, 0.675] {
      parameter.clearGradient()
      try parameter.accumulate(Tensor([1], shape: [1]))
      try sgd.update([parameter], learningRate: 0.1)
      #expect(abs(parameter.value.values[0] - expected) < 1e-6)
    }
  }

  @Test func aParameterWithoutGradientStays() throws {
    let parameter = Parameter(name: "p", value: Tensor([1, 2], shape: [2]))
    let sgd = SGDOptimizer(.init())
    try sgd.update([parameter], learningRate: 1)
    #expect(parameter.value.values == [1, 2])
    #expect(sgd.state.isEmpty)
  }

  @Test func momentumSurvivesInTheOrderOfFiles() throws {
    func parameter() -> Parameter {
      Parameter(name: "w", value: noise([2, 3, 3, 4], seed: 3), layout: .convolution)
    }
    let (a, b) = (parameter(), parameter())
    let first = SGDOptimizer(.init())
    try a.accumulate(noise([2, 3, 3, 4], seed: 4))
    try first.update([a], learningRate: 0.1)
    let state = first.state
    #expect(state["momentum.w"]?.shape == [2, 4, 3, 3])
    b.value = a.value
    let second = SGDOptimizer(.init())
    try second.load(state: state, for: [b])
    try first.update([a], learningRate: 0.1)
    b.clearGradient()
    try b.accumulate(noise([2, 3, 3, 4], seed: 4))
    try second.update([b], learningRate: 0.1)
    #expect(a.value == b.value)
    #expect(throws: ModelError.self) {
      try second.load(state: ["momentum.w": Tensor(zeros: [2, 3, 3, 4])], for: [b])
    }
  }
}
