import Kernels

/// Anything with parameters and buffers of its own.
public protocol Module: AnyObject {
  /// In the order of the data's way; names are unique within a model.
  var parameters: [Parameter] { get }
  var buffers: [Buffer] { get }
}

extension Module {
  /// Elements of all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.value.count } }

  public func clearGradients() { for parameter in parameters { parameter.clearGradient() } }

  /// All parameters and buffers by name, in the order of elements that files have (convolution weights K C R S).
  public var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for parameter in parameters { result[parameter.name] = parameter.layout.toFile(parameter.value) }
    for buffer in buffers { result[buffer.name] = buffer.value }
    return result
  }

  /// Takes over all parameters and buffers; names of `state` that are not the model's are left alone.
  ///
  /// Throws ``ModelError`` for a tensor that is missing or of another shape; nothing is changed then.
  public func load(state: [String: Tensor]) throws {
    func find(_ name: String, _ expected: Shape) throws -> Tensor {
      guard let tensor = state[name] else {
        throw ModelError(name, "missing", "the file is of another model, or of none")
      }
      guard tensor.shape == expected else {
        throw ModelError(
          name, "shape \(tensor.shape)", "this model needs \(expected): build it as when the file was written")
      }
      return tensor
    }
    let values = try parameters.map {
      $0.layout.fromFile(try find($0.name, $0.layout.fileShape($0.value.shape)))
    }
    let others = try buffers.map { try find($0.name, $0.value.shape) }
    for (parameter, value) in zip(parameters, values) { parameter.value = value }
    for (buffer, value) in zip(buffers, others) { buffer.value = value }
  }
}

extension FileLayout {
  /// A tensor of memory in the order of files.
  public func toFile(_ tensor: Tensor) -> Tensor {
    switch self {
    case .same: tensor
    case .convolution: tensor.toKCRS()
    }
  }

  /// A tensor of a file in the order of memory.
  public func fromFile(_ tensor: Tensor) -> Tensor {
    switch self {
    case .same: tensor
    case .convolution: tensor.toKRSC()
    }
  }

  func fileShape(_ shape: Shape) -> Shape {
    switch self {
    case .same: shape
    case .convolution: [shape[0], shape[3], shape[1], shape[2]]
    }
  }
}
