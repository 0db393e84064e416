import Kernels

/// A residual network (He et al. 2016) up to its global average pool: images N H W C → features N × ``features``.
///
/// Parameters are called `conv1`, `bn1`, `layerS.B.…` (stages from 1, blocks from 0), `layerS.B.shortcut.{0,1}`.
public final class ResNet: Backbone {
  public let configuration: Configuration
  private let stem: (convolution: ConvolutionLayer, norm: BatchNormLayer)
  private let blocks: [ResidualBlock]

  /// Width of the representation.
  public var features: Int { configuration.features }

  /// `convolution`: how convolutions are computed, which is no part of what the network is.
  ///
  /// Throws ``ModelError`` for a configuration that makes no network.
  public convenience init(
    _ configuration: Configuration, convolution: ConvolutionChoice = ConvolutionChoice(), seed: UInt64
  ) throws {
    try self.init(configuration, convolution, Initialization(seed: seed))
  }

  init(_ configuration: Configuration, _ choice: ConvolutionChoice, _ initialization: Initialization) throws {
    try configuration.validate()
    self.configuration = configuration
    let large = configuration.stem == .imagenet
    stem = (
      ConvolutionLayer(
        inputs: configuration.inputChannels, outputs: configuration.width, kernel: large ? 7 : 3,
        stride: large ? 2 : 1, choice, initialization.scope("conv1")),
      BatchNormLayer(channels: configuration.width, initialization.scope("bn1"))
    )
    var channels = configuration.width
    var blocks: [ResidualBlock] = []
    for (stage, count) in configuration.blocks.enumerated() {
      let width = configuration.width << stage
      for block in 0..<count {
        blocks.append(
          ResidualBlock(
            configuration.block, inputs: channels, width: width, stride: stage > 0 && block == 0 ? 2 : 1,
            choice, initialization.scope("layer\(stage + 1)").scope("\(block)")))
        channels = width * configuration.block.expansion
      }
    }
    self.blocks = blocks
  }

  /// Images N H W C → N × features. Throws ``KernelError`` for images of other channels or too small.
  public func callAsFunction(_ images: Variable, _ pass: Pass) throws -> Variable {
    var x = try stem.norm(try stem.convolution(images, pass), pass, relu: true)
    if configuration.stem == .imagenet { x = try pass.maxPool(x, ResNet.stemPool(x.shape)) }
    for block in blocks { x = try block(x, pass) }
    return try pass.globalAveragePool(x)
  }

  /// Its convolutions in the order of the data's way, as planned for images N H W C.
  ///
  /// Throws ``KernelError`` for images of other channels or too small.
  public func convolutions(of images: Shape) throws -> [PlannedConvolution] {
    guard images.extents.last == configuration.inputChannels else {
      throw KernelError("conv2d", .badShape, "the input is \(images), expected N×H×W×\(configuration.inputChannels)")
    }
    var all = [try stem.convolution.planned(for: images)]
    var shape = all[0].plan.outputShape
    if configuration.stem == .imagenet { shape = try ResNet.stemPool(shape).outputShape }
    for block in blocks {
      let inside = try block.convolutions(of: shape)
      all += inside.branch + inside.shortcut
      shape = inside.branch.last?.plan.outputShape ?? shape
    }
    return all
  }

  /// The pooling of the ImageNet stem.
  private static func stemPool(_ input: Shape) throws -> MaxPool2d {
    try MaxPool2d(input: input, kernel: (3, 3), stride: 2, padding: 1)
  }

  public var convolutionLayers: [ConvolutionLayer] { [stem.convolution] + blocks.flatMap(\.convolutionLayers) }

  public var parameters: [Parameter] {
    stem.convolution.parameters + stem.norm.parameters + blocks.flatMap(\.parameters)
  }
  public var buffers: [Buffer] { stem.norm.buffers + blocks.flatMap(\.buffers) }
}
