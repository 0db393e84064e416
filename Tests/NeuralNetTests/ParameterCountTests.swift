import NeuralNet
import Testing

@Suite struct ParameterCountTests {
  @Test(arguments: [
    ResNet.Configuration.resnet18(stem: .cifar), .resnet50(stem: .imagenet),
    ResNet.Configuration(stem: .imagenet, blocks: [1, 2, 1], width: 5, inputChannels: 1),
    ResNet.Configuration(block: .bottleneck, blocks: [2], width: 3),
  ])
  func theCountNeedsNoNetwork(encoder: ResNet.Configuration) throws {
    for (hidden, pruned) in [(nil, false), (7, true)] {
      let configuration = ContrastiveModel.Configuration(
        encoder: encoder, hidden: hidden, projection: 9, hasPrunedBranch: pruned)
      let model = try ContrastiveModel(configuration, seed: 0)
      #expect(configuration.parameterCount == model.parameterCount)
    }
  }
}
