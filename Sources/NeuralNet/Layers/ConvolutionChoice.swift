import Kernels

/// How the convolutions of a network are computed.
public struct ConvolutionChoice: Hashable, Sendable {
  /// What plans may choose from.
  public var precision: Convolution.Precision
  /// Where a layer's geometry allows it, whatever the precision; elsewhere, and everywhere when `nil`, the plan
  /// chooses.
  public var algorithm: Convolution.Algorithm?

  public init(precision: Convolution.Precision = .fast, algorithm: Convolution.Algorithm? = nil) {
    self.precision = precision
    self.algorithm = algorithm
  }

  /// The plan of a square convolution of `input` (N×H×W×C).
  ///
  /// Throws ``KernelError`` for a geometry that no algorithm can do.
  public func plan(
    input: Shape, outputChannels: Int, kernel: Int, stride: Int, padding: Int
  ) throws -> Convolution {
    func make(_ algorithm: Convolution.Algorithm?) throws -> Convolution {
      try Convolution(
        input: input, outputChannels: outputChannels, kernel: (kernel, kernel), stride: stride, padding: padding,
        algorithm: algorithm, precision: precision)
    }
    return try algorithm.flatMap { try? make($0) } ?? make(nil)
  }
}

/// A convolution of a network, as planned for images of one shape.
public struct PlannedConvolution: Sendable {
  /// Of the layer, as in `backbone.layer1.0.conv1`.
  public let name: String
  public let plan: Convolution
}
