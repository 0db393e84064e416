import Kernels

/// An encoder and its projector: images → representation h → embedding z.
///
/// Parameters are called `backbone.…` and `projector.…`.
public final class ContrastiveModel: Module {
  public let backbone: ResNet
  public let projector: Projector

  public struct Configuration: Hashable, Sendable {
    public var encoder: ResNet.Configuration
    /// Width of the projector's hidden layer; nil for the width of the representation.
    public var hidden: Int?
    /// Width of the embedding.
    public var projection: Int
    /// Whether batch norms, of backbone and projector, have parameters for a pruned branch, too.
    public var hasPrunedBranch: Bool

    public init(
      encoder: ResNet.Configuration, hidden: Int? = nil, projection: Int = 128, hasPrunedBranch: Bool = false
    ) {
      self.encoder = encoder
      self.hidden = hidden
      self.projection = projection
      self.hasPrunedBranch = hasPrunedBranch
    }
  }
  public let configuration: Configuration
  /// How its convolutions are computed: no part of what it is, but of the bits of its results.
  public let convolution: ConvolutionChoice

  /// A model with first values drawn from the seed: convolutions He-normal over the fan of the outputs, batch norms
  /// 1 and 0, linear layers uniform in ±1/√inputs.
  ///
  /// Throws ``ModelError`` for a configuration that makes no network.
  public init(
    _ configuration: Configuration, convolution: ConvolutionChoice = ConvolutionChoice(), seed: UInt64
  ) throws {
    self.configuration = configuration
    self.convolution = convolution
    let initialization = Initialization(seed: seed, hasPrunedBranch: configuration.hasPrunedBranch)
    backbone = try ResNet(configuration.encoder, convolution, initialization.scope("backbone"))
    projector = try Projector(
      inputs: backbone.features, hidden: configuration.hidden ?? backbone.features,
      outputs: configuration.projection, initialization.scope("projector"))
  }

  /// The convolutions whose weights a pruned branch may mask: those of the backbone, in the data's order.
  public var prunable: [ConvolutionLayer] { backbone.convolutionLayers }

  public var parameters: [Parameter] { backbone.parameters + projector.parameters }
  public var buffers: [Buffer] { backbone.buffers + projector.buffers }

  /// Images N H W C → embedding N × projection.
  public func callAsFunction(_ images: Variable, _ pass: Pass) throws -> Variable {
    try projector(try backbone(images, pass), pass)
  }

  /// The representation h of images N H W C, N × features, with running statistics and no gradient.
  public func representations(of images: Tensor) throws -> Tensor {
    try backbone(Variable(images), .evaluation).value
  }

  /// The embedding z of images N H W C, N × projection (not normalised), with running statistics and no gradient.
  public func embeddings(of images: Tensor) throws -> Tensor {
    try self(Variable(images), .evaluation).value
  }
}
