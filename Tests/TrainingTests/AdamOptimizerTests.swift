import Kernels
import NeuralNet
import Testing
import Training

@Suite struct AdamOptimizerTests {
  private func parameter() -> Parameter { Parameter(name: "w", value: noise([2, 3, 3, 4], seed: 3), layout: .convolution) }

  @Test func stepsAreThoseOfTheKernel() throws {
    let adam = AdamOptimizer(.init(beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.01))
    let a = parameter()
    var (value, state) = (a.value, Adam.State(shape: a.value.shape))
    for step in 0..<3 {
      let gradient = noise([2, 3, 3, 4], seed: UInt64(step + 10))
      a.clearGradient()
      try a.accumulate(gradient)
      try adam.update([a], learningRate: 0.02)
      try Adam(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.01)
        .update(&value, gradient: gradient, state: &state)
    }
    #expect(a.value == value)
    let still = parameter()
    try AdamOptimizer(.init()).update([still], learningRate: 1)
    #expect(still.value == parameter().value, "no gradient, no step")
  }

  @Test func momentsSurviveInTheOrderOfFiles() throws {
    let (a, b) = (parameter(), parameter())
    let first = AdamOptimizer(.init())
    func step(_ optimizer: AdamOptimizer, _ parameter: Parameter, _ seed: UInt64) throws {
      parameter.clearGradient()
      try parameter.accumulate(noise([2, 3, 3, 4], seed: seed))
      try optimizer.update([parameter], learningRate: 0.1)
    }
    for seed in 4..<7 { try step(first, a, UInt64(seed)) }
    #expect(first.state["mean.w"]?.shape == [2, 4, 3, 3])
    #expect(first.state["steps.w"]?.values == [0, 3])
    b.value = a.value
    let second = AdamOptimizer(.init())
    try second.load(state: first.state, for: [b])
    try step(first, a, 9)
    try step(second, b, 9)
    #expect(a.value == b.value)
    #expect(throws: ModelError.self) {
      try second.load(state: ["mean.w": Tensor(zeros: [2, 3, 3, 4])], for: [b])
    }
  }
}
