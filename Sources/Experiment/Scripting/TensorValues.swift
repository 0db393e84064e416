import Foundation
import Kernels
import RecipeLanguage

/// Tensors as values of recipe scripts: float32 in the layout of the files (images N C H W, weights K C R S).
enum TensorValues {
  static let typeName = "Tensor"
  static let type = ValueType.host(typeName)

  static let definition = HostTypeDefinition(
    typeName, doc: "Numbers in rows, columns and further axes; float32.",
    properties: [
      .init("shape", .list(.int), doc: "The extents, outermost first.") { value in
        .list(tensor(value).shape.extents.map { .int($0) })
      },
      .init("rows", .int, doc: "The product of all extents but the last.") { value in
        .int(tensor(value).shape.rowsAndColumns.rows)
      },
      .init("columns", .int, doc: "The last extent.") { value in
        .int(tensor(value).shape.rowsAndColumns.columns)
      },
      .init("count", .int, doc: "The number of elements.") { value in .int(tensor(value).count) },
    ],
    bytes: { 4 * tensor($0).count },
    describe: { describe(tensor($0)) },
    difference: { left, right in
      let left = tensor(left)
      if let number = right.doubleValue { return largest(left.values.map { abs(Double($0) - number) }) }
      guard let right: Tensor = right.hostObject() else {
        throw CallError("a tensor is compared with a tensor or a number")
      }
      guard left.shape == right.shape else { throw CallError("shapes \(left.shape) and \(right.shape) differ") }
      return largest(zip(left.values, right.values).map { abs(Double($0) - Double($1)) })
    })

  static func value(_ tensor: Tensor) -> Value { .host(HostValue(type: typeName, tensor)) }

  static func tensor(_ value: HostValue) -> Tensor {
    guard let tensor = value.object as? Tensor else { preconditionFailure("not a tensor: \(value.type)") }
    return tensor
  }

  /// `Tensor 3×4 [0.1, 0.2, …]`
  static func describe(_ tensor: Tensor) -> String {
    let shown = tensor.withUnsafeBufferPointer { $0.prefix(6).map { "\($0)" } }.joined(separator: ", ")
    return "Tensor \(tensor.shape) [\(shown)\(tensor.count > 6 ? ", …" : "")]"
  }

  /// NaN anywhere makes the difference infinite, so that it is never within a tolerance.
  private static func largest(_ differences: [Double]) -> Double {
    differences.contains { $0.isNaN } ? .infinity : differences.max() ?? 0
  }
}

extension Arguments {
  func tensor(_ name: String) -> Tensor { host(name, as: Tensor.self) }

  /// A tensor with at most two axes as a matrix; throws ``CallError`` that names the parameter.
  func matrix(_ name: String) throws -> Tensor {
    let tensor = tensor(name)
    guard tensor.shape.rank == 2 else {
      throw CallError("takes a matrix, not \(TensorValues.describe(tensor))", argument: name)
    }
    return tensor
  }

  /// A tensor as a vector of its elements.
  func vector(_ name: String, count: Int) throws -> [Float] {
    let tensor = tensor(name)
    guard tensor.count == count else {
      throw CallError("takes \(count) values, not \(tensor.count) (\(tensor.shape))", argument: name)
    }
    return tensor.values
  }
}
