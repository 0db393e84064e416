import Kernels
import NeuralNet

/// Numbers in −1…1 that look random, the same each time: for inputs of tests.
func noise(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
  var state = seed &* 0x9e37_79b9_7f4a_7c15
  return Tensor(
    (0..<shape.count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
    }, shape: shape)
}

func dot(_ a: Tensor, _ b: Tensor) -> Double {
  zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

let smallBasicEncoder = ResNet.Configuration(stem: .cifar, block: .basic, blocks: [1, 1], width: 4)
let smallBottleneckEncoder = ResNet.Configuration(
  stem: .imagenet, block: .bottleneck, blocks: [1, 1], width: 3, inputChannels: 1)
let smallBasic = ContrastiveModel.Configuration(encoder: smallBasicEncoder, projection: 5)
let smallBottleneck = ContrastiveModel.Configuration(encoder: smallBottleneckEncoder, hidden: 7, projection: 5)
