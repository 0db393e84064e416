import CKernels

extension Convolution {
  /// The three passes of a convolution.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    case forward
    case backwardData = "backward data"
    case backwardWeight = "backward weight"
  }

  /// Input, output channels, kernel and stride, as in `64×32×32×64→64 3×3/1`.
  public var geometry: String {
    let step = stride.rows == stride.columns ? "\(stride.rows)" : "\(stride.rows)×\(stride.columns)"
    return "\(inputShape)→\(weightShape[0]) \(weightShape[1])×\(weightShape[2])/\(step)"
  }

  /// Multiplications and additions in the products of the algorithm, where ``operations`` are those of the
  /// definition: Winograd's F(m×m, 3×3) multiplies (m + 2)² numbers for each of its tiles, channel and output
  /// channel, instead of 9·m²; with stride 2, m = 4, it is 81 for 144. Its transforms are not counted, nor is what pads
  /// vectors, tiles and images.
  public func productOperations(_ direction: Direction) -> Int {
    guard algorithm == .winograd2 || algorithm == .winograd4 else { return operations }
    // Tiles lie in what is written forwards and backwards; the weight gradient has those of forward.
    let tiled = direction == .backwardData ? inputShape : outputShape
    let outputs = algorithm == .winograd2 ? 2 : 4
    let products = stride.rows == 2 ? 9 : outputs + 2
    let side = direction == .backwardData ? outputs * stride.rows : outputs
    let tiles = tiled[0] * ((tiled[1] + side - 1) / side) * ((tiled[2] + side - 1) / side)
    return 2 * tiles * products * products * weightShape[3] * weightShape[0]
  }
}

extension ck_conv_pass {
  var direction: Convolution.Direction {
    switch self {
    case CK_CONV_BACKWARD_DATA: .backwardData
    case CK_CONV_BACKWARD_WEIGHT: .backwardWeight
    default: .forward
    }
  }
}
