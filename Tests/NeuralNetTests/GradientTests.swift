import Kernels
import NeuralNet
import TestSupport
import Testing

/// Gradients of whole models against finite differences of ⟨z, r⟩ for a fixed r.
@Suite struct GradientTests {
  /// The derivative along the gradient itself must be ‖gradient‖². Batch norms and ReLUs make float32
  /// differences rough, hence several step widths of which the best counts.
  private func check(
    _ configuration: ContrastiveModel.Configuration, images shape: Shape, branch: Branch = .dense
  ) throws {
    let images = noise(shape, seed: 3)
    let direction = noise([shape[0], configuration.projection], seed: 5)
    let model = try ContrastiveModel(configuration, seed: 11)
    // Away from the first values, where scales are 1 and shifts 0.
    for (index, parameter) in model.parameters.enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
    }
    if branch == .pruned {
      for layer in model.prunable {
        let values = noise(layer.weight.value.shape, seed: 31).values
        layer.mask = Tensor(values.map { $0 > -0.2 ? 1 : 0 }, shape: layer.weight.value.shape)
      }
    }
    let tape = Tape()
    let output = try model(Variable(images), .training(tape, branch: branch))
    try tape.backward(from: output, direction)

    for layer in model.prunable where branch == .pruned {
      let (mask, gradient) = (layer.mask!.values, try #require(layer.weight.gradient).values)
      #expect(zip(mask, gradient).allSatisfy { $0 == 1 || $1 == 0 }, "masked weights have no gradient")
    }
    // A perceptron's last bias goes through a linear layer into the projector's batch norm.
    let lastBias = model.backbone.parameters.last { $0.name.hasSuffix(".bias") && $0.name.contains("fc") }?.name ?? ""
    for parameter in model.parameters {
      if configuration.hasPrunedBranch, parameter.name.contains("bn") || parameter.name.contains("shortcut.1"),
        parameter.name.contains("pruned") != (branch == .pruned)
      {
        #expect(parameter.gradient == nil, "\(parameter.name) is of the other branch")
        continue
      }
      let gradient = try #require(parameter.gradient, "\(parameter.name) has no gradient")
      let squared = dot(gradient, gradient)
      // A bias before a batch norm moves nothing.
      let isBeforeNorm = configuration.isDirect ? [] : [lastBias, "projector.fc1.bias"]
      guard !isBeforeNorm.contains(parameter.name) else {
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
          return dot(try model(Variable(images), .training(nil, branch: branch)).value, direction)
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

  @Test(arguments: [[], [7], [5, 6]]) func perceptrons(_ hidden: [Int]) throws {
    let network = BackboneConfiguration.perceptron(.init(inputs: 2, hidden: hidden, outputs: 3))
    try check(.init(encoder: network, projection: nil), images: [7, 2])
    try check(.init(encoder: network, projection: 5), images: [13, 2])
  }

  @Test(arguments: Branch.allCases) func branches(_ branch: Branch) throws {
    var configuration = smallBasic
    configuration.hasPrunedBranch = true
    try check(configuration, images: [6, 7, 6, 3], branch: branch)
  }

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
