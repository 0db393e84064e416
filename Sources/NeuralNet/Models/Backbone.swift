import Kernels

/// A network that gives the representation, whose parameters a ``ContrastiveModel`` calls `backbone.…`.
public protocol Backbone: Module {
  /// Width of the representation.
  var features: Int { get }
  /// A batch, its samples first, → N × ``features``. Throws ``KernelError`` for samples that do not fit.
  func callAsFunction(_ batch: Variable, _ pass: Pass) throws -> Variable
  /// Its convolutions in the order of the data's way, as planned for a batch of this shape.
  func convolutions(of batch: Shape) throws -> [PlannedConvolution]
  /// The convolutions in the same order: those whose weights a pruned branch may mask.
  var convolutionLayers: [ConvolutionLayer] { get }
}

/// Which backbone, and how large.
public enum BackboneConfiguration: Hashable, Sendable {
  /// For pictures N H W C.
  case residual(ResNet.Configuration)
  /// For points N × coordinates.
  case perceptron(Perceptron.Configuration)

  /// Width of the representation.
  public var features: Int {
    switch self {
    case .residual(let network): network.features
    case .perceptron(let network): network.outputs
    }
  }

  /// Channels of pictures, or coordinates of points.
  public var inputs: Int {
    switch self {
    case .residual(let network): network.inputChannels
    case .perceptron(let network): network.inputs
    }
  }

  /// Throws ``ModelError`` for a configuration that makes no network.
  func make(_ convolution: ConvolutionChoice, _ initialization: Initialization) throws -> any Backbone {
    switch self {
    case .residual(let network): try ResNet(network, convolution, initialization)
    case .perceptron(let network): try Perceptron(network, initialization)
    }
  }

  /// Weights, without building it; each branch has batch norms of its own.
  func parameterCount(branches: Int) -> Int {
    switch self {
    case .residual(let network): network.parameterCount(branches: branches)
    case .perceptron(let network): network.parameterCount
    }
  }
}
