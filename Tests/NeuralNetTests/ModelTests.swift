import Kernels
import NeuralNet
import TestSupport
import Testing

@Suite struct ModelTests {
  @Test(arguments: ["train_simclr", "train_simclr_gh_bottleneck"])
  func namesAndShapesAreThoseOfTheGoldenCases(_ name: String) throws {
    let golden = try GoldenCase(name)
    let bottleneck = name.hasSuffix("bottleneck")
    let model = try ContrastiveModel(
      ContrastiveModel.Configuration(
        encoder: ResNet.Configuration(
          stem: bottleneck ? .imagenet : .cifar, block: bottleneck ? .bottleneck : .basic,
          blocks: bottleneck ? [1, 1] : [1, 1, 1], width: 8), projection: 16), seed: 0)
    let expected = golden.contents.tensors.filter { $0.key.hasPrefix("in.initial.") }
    let found = model.state.mapValues(\.shape.extents)
    let names = expected.map { (String($0.key.dropFirst("in.initial.".count)), $0.value.shape) }
    #expect(found == Dictionary(uniqueKeysWithValues: names))
  }

  /// torchvision's counts less the classifier.
  @Test func parameterCountsArePublishedOnes() throws {
    #expect(try ResNet(.resnet18(stem: .imagenet), seed: 0).parameterCount == 11_176_512)
    #expect(try ResNet(.resnet50(stem: .imagenet), seed: 0).parameterCount == 23_508_032)
    #expect(try ResNet(.resnet18(stem: .cifar), seed: 0).parameterCount == 11_168_832)
    #expect(ResNet.Configuration.resnet50(stem: .imagenet).features == 2048)
  }

  @Test func shapesOnTheWay() throws {
    let model = try ContrastiveModel(smallBottleneck, seed: 1)
    let images = noise([3, 33, 20, 1])
    #expect(try model.representations(of: images).shape == [3, 24])
    #expect(try model.embeddings(of: images).shape == [3, 5])
    let error = #expect(throws: KernelError.self) { try model.embeddings(of: noise([3, 33, 20, 2])) }
    #expect(error?.operation == "conv2d")
  }

  /// Planned shapes are those that the data take: the last one's output is what is pooled.
  @Test(arguments: [
    smallBasicEncoder, smallBottleneckEncoder, .resnet18(stem: .cifar), .resnet50(stem: .imagenet),
  ])
  func plannedConvolutionsAreThoseOfTheModel(_ configuration: ResNet.Configuration) throws {
    let model = try ResNet(configuration, seed: 0)
    let images: Shape = [2, 40, 36, configuration.inputChannels]
    let planned = try model.convolutions(of: images)
    let weights = model.parameters.filter { $0.layout == .convolution }
    #expect(planned.map { "\($0.name).weight" } == weights.map(\.name))
    #expect(planned.map(\.plan.weightShape) == weights.map(\.value.shape))
    #expect(planned[0].plan.inputShape == images)
    #expect(planned.allSatisfy { $0.plan.outputShape[0] == 2 })
    let halvings = configuration.blocks.count - 1 + (configuration.stem == .imagenet ? 2 : 0)
    var side = (40, 36)
    for _ in 0..<halvings { side = ((side.0 + 1) / 2, (side.1 + 1) / 2) }
    let last = try #require(planned.last { !$0.name.contains("shortcut") })
    #expect(last.plan.outputShape == [2, side.0, side.1, configuration.features])
    for other: Shape in [[2, 40, 36, 7], [40, 36, configuration.inputChannels], []] {
      let error = #expect(throws: KernelError.self) { _ = try model.convolutions(of: other) }
      #expect(error?.operation == "conv2d")
    }
  }

  @Test func theChoiceIsInForceWhereALayerAllowsIt() throws {
    let images: Shape = [2, 32, 32, 3]
    func algorithms(_ choice: ConvolutionChoice) throws -> [Convolution.Algorithm] {
      try ResNet(.resnet18(stem: .cifar), convolution: choice, seed: 0).convolutions(of: images).map(\.plan.algorithm)
    }
    #expect(try algorithms(ConvolutionChoice()).contains { $0 == .winograd2 || $0 == .winograd4 })
    #expect(try algorithms(ConvolutionChoice(precision: .exact)).allSatisfy { $0 == .direct || $0 == .im2col })
    #expect(try algorithms(ConvolutionChoice(algorithm: .im2col)).allSatisfy { $0 == .im2col })
    // 13 of 20 are 3×3 with stride 1, and the stem.
    #expect(try algorithms(ConvolutionChoice(algorithm: .winograd2)).count { $0 == .winograd2 } == 14)
    #expect(try algorithms(ConvolutionChoice(precision: .exact, algorithm: .winograd2)).contains(.winograd2))
  }

  @Test func evaluationChangesNothingAndTrainingMovesTheStatistics() throws {
    let model = try ContrastiveModel(smallBasic, seed: 1)
    let before = model.state
    _ = try model.embeddings(of: noise([2, 8, 8, 3]))
    #expect(model.state == before)
    _ = try model(Variable(noise([2, 8, 8, 3])), .training(nil))
    for buffer in model.buffers { #expect(buffer.value != before[buffer.name]) }
    for parameter in model.parameters { #expect(parameter.layout.toFile(parameter.value) == before[parameter.name]) }
  }

  @Test func stateRoundTripGivesTheSameOutputs() throws {
    let a = try ContrastiveModel(smallBasic, seed: 1)
    _ = try a(Variable(noise([4, 8, 8, 3])), .training(nil))
    let b = try ContrastiveModel(smallBasic, seed: 2)
    let images = noise([2, 8, 8, 3], seed: 6)
    #expect(try a.embeddings(of: images) != b.embeddings(of: images))
    try b.load(state: a.state)
    #expect(try a.embeddings(of: images) == b.embeddings(of: images))
  }

  @Test func aStateThatDoesNotFitChangesNothing() throws {
    let model = try ContrastiveModel(smallBasic, seed: 1)
    let before = model.state
    var other = try ContrastiveModel(smallBasic, seed: 2).state
    other["projector.bn2.running_var"] = Tensor(zeros: [6])
    let wrong = #expect(throws: ModelError.self) { try model.load(state: other) }
    #expect(wrong?.description.contains("projector.bn2.running_var: shape 6; this model needs 5") == true)
    other["projector.bn2.running_var"] = nil
    let missing = #expect(throws: ModelError.self) { try model.load(state: other) }
    #expect(missing?.description.hasPrefix("projector.bn2.running_var: missing") == true)
    #expect(model.state == before)
  }

  @Test(arguments: [
    (ResNet.Configuration(blocks: []), "blocks"), (ResNet.Configuration(blocks: [2, 0]), "blocks"),
    (ResNet.Configuration(width: 0), "width"), (ResNet.Configuration(inputChannels: 0), "inputChannels"),
  ])
  func impossibleConfigurationsAreRefused(_ configuration: ResNet.Configuration, _ field: String) throws {
    let error = #expect(throws: ModelError.self) { try ResNet(configuration, seed: 0) }
    #expect(error?.field == field)
  }

  @Test func firstValuesFollowTheSeedAndHaveTheirSpread() throws {
    let configuration = ContrastiveModel.Configuration(encoder: .resnet18(stem: .cifar))
    let a = try ContrastiveModel(configuration, seed: 1).state
    #expect(try ContrastiveModel(configuration, seed: 1).state == a)
    let other = try ContrastiveModel(configuration, seed: 2).state
    let name = "backbone.layer3.1.conv2.weight"
    #expect(other[name] != a[name])
    #expect(a[name] != a["backbone.layer3.1.conv1.weight"])
    // He et al.: variance 2 / (outputs · kernel area) = 2 / (256 · 9).
    let weight = a[name]!
    let variance = dot(weight, weight) / Double(weight.count)
    #expect(abs(variance / (2.0 / (256 * 9)) - 1) < 0.02)
    #expect(abs(weight.values.reduce(0) { $0 + Double($1) } / Double(weight.count)) < 2e-4)
    // Linear: uniform in ±1/√512, so a third of the bound's square.
    let linear = a["projector.fc1.weight"]!
    #expect(abs(dot(linear, linear) / Double(linear.count) * 512 * 3 - 1) < 0.02)
    #expect(linear.values.allSatisfy { abs($0) <= 1 / Float(512).squareRoot() })
    #expect(a["backbone.bn1.weight"]?.values.allSatisfy { $0 == 1 } == true)
    #expect(a["backbone.bn1.running_var"]?.values.allSatisfy { $0 == 1 } == true)
  }
}
