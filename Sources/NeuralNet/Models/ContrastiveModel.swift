import Kernels

/// An encoder and its projector: pictures or points → representation h → embedding z.
///
/// Parameters are called `backbone.…` and `projector.…`.
public final class ContrastiveModel: Module {
  public let backbone: any Backbone
  /// Nil where the representation itself is the embedding.
  public let projector: Projector?

  public struct Configuration: Hashable, Sendable {
    public var encoder: BackboneConfiguration
    /// Width of the projector's hidden layer; nil for the width of the representation.
    public var hidden: Int?
    /// Width of the embedding.
    public var projection: Int { output ?? encoder.features }
    /// Width of the projector's output; nil for no projector.
    private let output: Int?
    /// Whether batch norms, of backbone and projector, have parameters for a pruned branch, too.
    public var hasPrunedBranch: Bool

    /// - Parameter projection: nil for no projector.
    public init(
      encoder: BackboneConfiguration, hidden: Int? = nil, projection: Int? = 128, hasPrunedBranch: Bool = false
    ) {
      self.encoder = encoder
      self.hidden = hidden
      output = projection
      self.hasPrunedBranch = hasPrunedBranch
    }

    /// Of a residual network.
    public init(
      encoder: ResNet.Configuration, hidden: Int? = nil, projection: Int = 128, hasPrunedBranch: Bool = false
    ) {
      self.init(encoder: .residual(encoder), hidden: hidden, projection: projection, hasPrunedBranch: hasPrunedBranch)
    }

    /// Whether there is no projector.
    public var isDirect: Bool { output == nil }
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
    let backbone = try configuration.encoder.make(convolution, initialization.scope("backbone"))
    self.backbone = backbone
    projector = configuration.isDirect
      ? nil
      : try Projector(
        inputs: backbone.features, hidden: configuration.hidden ?? backbone.features,
        outputs: configuration.projection, initialization.scope("projector"))
  }

  /// The convolutions whose weights a pruned branch may mask: those of the backbone, in the data's order.
  public var prunable: [ConvolutionLayer] { backbone.convolutionLayers }

  public var parameters: [Parameter] { backbone.parameters + (projector?.parameters ?? []) }
  public var buffers: [Buffer] { backbone.buffers + (projector?.buffers ?? []) }

  /// A batch (pictures N H W C, points N × coordinates) → embedding N × projection.
  public func callAsFunction(_ images: Variable, _ pass: Pass) throws -> Variable {
    let representation = try backbone(images, pass)
    return try projector?(representation, pass) ?? representation
  }

  /// The representation h of a batch, N × features, with running statistics and no gradient.
  public func representations(of images: Tensor) throws -> Tensor {
    try backbone(Variable(images), .evaluation).value
  }

  /// The embedding z of a batch, N × projection (not normalised), with running statistics and no gradient.
  public func embeddings(of images: Tensor) throws -> Tensor {
    try self(Variable(images), .evaluation).value
  }
}
