import Kernels

/// Convolutions with batch norms, the input added before the last ReLU:
/// `relu(bn(conv(… relu(bn(conv(x))))) + shortcut(x))`.
final class ResidualBlock: Module {
  private let branch: [(convolution: ConvolutionLayer, norm: BatchNormLayer)]
  /// 1×1 convolution and batch norm where stride or channels change; else the input itself.
  private let shortcut: (convolution: ConvolutionLayer, norm: BatchNormLayer)?

  init(
    _ kind: ResNet.Configuration.Block, inputs: Int, width: Int, stride: Int,
    _ choice: ConvolutionChoice, _ initialization: Initialization
  ) {
    let outputs = width * kind.expansion
    let plan: [(kernel: Int, stride: Int, outputs: Int)] =
      switch kind {
      case .basic: [(3, stride, width), (3, 1, width)]
      case .bottleneck: [(1, 1, width), (3, stride, width), (1, 1, outputs)]
      }
    var channels = inputs
    branch = plan.enumerated().map { index, part in
      defer { channels = part.outputs }
      return (
        ConvolutionLayer(
          inputs: channels, outputs: part.outputs, kernel: part.kernel, stride: part.stride, choice,
          initialization.scope("conv\(index + 1)")),
        BatchNormLayer(channels: part.outputs, initialization.scope("bn\(index + 1)"))
      )
    }
    let scope = initialization.scope("shortcut")
    shortcut =
      stride == 1 && inputs == outputs
      ? nil
      : (
        ConvolutionLayer(inputs: inputs, outputs: outputs, kernel: 1, stride: stride, choice, scope.scope("0")),
        BatchNormLayer(channels: outputs, scope.scope("1"))
      )
  }

  func callAsFunction(_ input: Variable, _ pass: Pass) throws -> Variable {
    // Recorded before the branch, so that going backward the shortcut comes last: where its stride passes pixels over,
    // it then has nothing to do.
    let residual = try shortcut.map { try $0.norm(try $0.convolution(input, pass), pass, relu: false) }
    var x = input
    for (convolution, norm) in branch.dropLast() {
      x = try norm(try convolution(x, pass), pass, relu: true)
    }
    let last = branch[branch.count - 1]
    return try last.norm(try last.convolution(x, pass), pass, relu: true, adding: residual ?? input)
  }

  /// Its convolutions as planned for an input N H W C; the branch's last one gives the block's output.
  func convolutions(of input: Shape) throws -> (branch: [PlannedConvolution], shortcut: [PlannedConvolution]) {
    var shape = input
    let planned = try branch.map { part in
      let planned = try part.convolution.planned(for: shape)
      shape = planned.plan.outputShape
      return planned
    }
    return (planned, try shortcut.map { [try $0.convolution.planned(for: input)] } ?? [])
  }

  var convolutionLayers: [ConvolutionLayer] { all.map(\.convolution) }
  var parameters: [Parameter] { all.flatMap { $0.convolution.parameters + $0.norm.parameters } }
  var buffers: [Buffer] { all.flatMap { $0.norm.buffers } }

  private var all: [(convolution: ConvolutionLayer, norm: BatchNormLayer)] {
    branch + (shortcut.map { [$0] } ?? [])
  }
}
