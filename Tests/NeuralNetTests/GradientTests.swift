import Kernels
import NeuralNet
import TestSupport
import Testing

/// Gradients of whole models against finite differences of ⟨z, r⟩ for a fixed r.
@Suite struct GradientTests {
  /// The derivative along the gradient itself must be ‖gradient‖². Batch norms and ReLUs make float32
  /// differences rough, hence several step widths of which the best counts.
  private func check(_ configuration: ContrastiveModel.Configuration, images shape: Shape) throws {
    let images = noise(shape, seed: 3)
    let direction = noise([shape[0], configuration.projection], seed: 5)
    let model = try ContrastiveModel(configuration, seed: 11)
    // Away from the first values, where scales are 1 and shifts 0.
    for (index, parameter) in model.parameters.enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
    }
    let tape = Tape()
    let output = try model(Variable(images), .training(tape))
    try tape.backward(from: output, direction)

    for parameter in model.parameters {
      let gradient = try #require(parameter.gradient, "\(parameter.name) has no gradient")
      let squared = dot(gradient, gradient)
      // A bias before a batch norm moves nothing.
      guard parameter.name != "projector.fc1.bias" else {
        #expect(squared.squareRoot() < 1e-4)
        continue
      }
      #expect(squared > 0, "\(parameter.name)")
      let original = parameter.value
      let errors = try [0.01, 0.002, 0.0005, 0.0001].map { (width: Double) -> Double in
        let factor = Float(width / squared.squareRoot())
        func loss(_ factor: Float) throws -> Double {
          parameter.value = original
          try parameter.value.accumulate(gradient, factor: factor)
          return dot(try model(Variable(images), .training(nil)).value, direction)
        }
        let slope = (try loss(factor) - loss(-factor)) / (2 * Double(factor))
        return abs(slope - squared) / squared
      }
      parameter.value = original
      #expect(errors.min()! < 0.02, "\(parameter.name): \(errors)")
    }
  }

  @Test func basicBlocksWithTheCifarStem() throws { try check(smallBasic, images: [6, 7, 6, 3]) }

  @Test func bottlenecksWithTheImagenetStem() throws { try check(smallBottleneck, images: [16, 19, 17, 1]) }

  @Test func twoPassesAddUp() throws {
    let model = try ContrastiveModel(smallBasic, seed: 2)
    func gradients(_ seeds: [UInt64]) throws -> [String: Tensor] {
      model.clearGradients()
      for seed in seeds {
        let tape = Tape()
        let output = try model(Variable(noise([4, 6, 6, 3], seed: seed)), .training(tape))
        try tape.backward(from: output, noise([4, 5], seed: seed + 1))
      }
      return Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.gradient!) })
    }
    let (a, b, both) = (try gradients([7]), try gradients([8]), try gradients([7, 8]))
    for (name, sum) in both { #expect(sum == (try add(a[name]!, b[name]!)), "\(name)") }
    model.clearGradients()
    #expect(model.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test func withoutATapeTheValuesAreTheSame() throws {
    let images = noise([3, 8, 8, 3])
    let taped = try ContrastiveModel(smallBasic, seed: 4)
    let plain = try ContrastiveModel(smallBasic, seed: 4)
    #expect(
      try taped(Variable(images), .training(Tape())).value == plain(Variable(images), .training(nil)).value)
    #expect(taped.state == plain.state)
  }

  @Test func theTapeIsEmptyAfterwards() throws {
    let model = try ContrastiveModel(smallBasic, seed: 4)
    let tape = Tape()
    let output = try model(Variable(noise([3, 8, 8, 3])), .training(tape))
    #expect(tape.count > 10)
    try tape.backward(from: output, Tensor(zeros: output.shape))
    #expect(tape.count == 0)
  }

  @Test func imagesCanHaveAGradient() throws {
    let model = try ContrastiveModel(smallBasic, seed: 4)
    let images = noise([3, 8, 8, 3])
    let direction = noise([3, 5], seed: 9)
    let tape = Tape()
    var gradient: Tensor?
    let output = try model(tape.leaf(images) { gradient = $0 }, .training(tape))
    try tape.backward(from: output, direction)
    let found = try #require(gradient)
    let factor = 0.003 / Float(dot(found, found).squareRoot())
    func loss(_ factor: Float) throws -> Double {
      var moved = images
      try moved.accumulate(found, factor: factor)
      return dot(try model(Variable(moved), .training(nil)).value, direction)
    }
    let slope = (try loss(factor) - loss(-factor)) / (2 * Double(factor))
    #expect(abs(slope - dot(found, found)) < 0.02 * dot(found, found))
  }
}
