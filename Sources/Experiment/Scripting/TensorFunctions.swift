import Foundation
import Kernels
import RecipeLanguage

/// Tensor arithmetic of scripts. Small things are plain Swift here; what is heavy calls its kernel.
extension RecipeCatalogue {
  static func addKernelFunctions(to catalogue: inout Catalogue) {
    catalogue.add(TensorValues.definition)
    for definition in output + files + elementwise + rowsAndColumns + reductions + learning { catalogue.add(definition) }
    for definition in arithmetic { catalogue.add(definition) }
  }

  /// A function on tensors: computes, so that it is for tests and tasks.
  static func kernel(
    _ name: String, _ doc: String, _ parameters: [FieldDefinition], result: ValueType = TensorValues.type,
    bytes: (@Sendable (Arguments) -> Int)? = nil, work: (@Sendable (Arguments) -> Double)? = nil,
    body: @escaping @Sendable (Arguments) throws -> Value
  ) -> FunctionDefinition {
    FunctionDefinition(
      name, doc: doc, parameters: parameters, result: result, effects: [.compute], bytes: bytes,
      work: work.map { work in { @Sendable (arguments: Arguments, _: CallContext) in work(arguments) } }
    ) { arguments, _ in
      try body(arguments)
    }
  }

  static func operand(_ name: String, _ doc: String = "") -> FieldDefinition {
    FieldDefinition(name, TensorValues.type, positional: true, doc: doc)
  }

  // MARK: Operators

  private static let arithmetic: [OperatorDefinition] = {
    let operations: [(String, @Sendable (Float, Float) -> Float)] = [
      ("+", { $0 + $1 }), ("-", { $0 - $1 }), ("*", { $0 * $1 }), ("/", { $0 / $1 }),
    ]
    let tensor = TensorValues.type
    return operations.flatMap { symbol, operation in
      [(tensor, tensor), (tensor, .float), (.float, tensor)].map { left, right in
        OperatorDefinition(
          symbol, left, right, result: tensor, doc: "Element by element.",
          .function(effects: [.compute]) { try combine(symbol, $0, $1, operation) })
      }
    }
  }()

  private static func combine(
    _ symbol: String, _ left: Value, _ right: Value, _ operation: (Float, Float) -> Float
  ) throws -> Value {
    switch (left.hostObject(Tensor.self), right.hostObject(Tensor.self)) {
    case (let a?, let b?):
      guard a.shape == b.shape else {
        throw CallError("`\(symbol)` works element by element; the shapes \(a.shape) and \(b.shape) differ")
      }
      return TensorValues.value(Tensor(zip(a.values, b.values).map(operation), shape: a.shape))
    case (let a?, nil):
      let number = Float(right.doubleValue ?? .nan)
      return TensorValues.value(Tensor(a.values.map { operation($0, number) }, shape: a.shape))
    case (nil, let b?):
      let number = Float(left.doubleValue ?? .nan)
      return TensorValues.value(Tensor(b.values.map { operation(number, $0) }, shape: b.shape))
    case (nil, nil): throw CallError("`\(symbol)` needs a tensor")
    }
  }

  // MARK: Elements

  private static let elementwise: [FunctionDefinition] = [
    kernel("tensor_exp", "e to the power of each element.", [operand("x")]) { map($0, Foundation.exp) },
    kernel("tensor_log", "Natural logarithm of each element; log 0 is −∞.", [operand("x")]) { map($0, Foundation.log) },
    kernel("relu", "The positive part of each element.", [operand("x")]) {
      TensorValues.value(Kernels.relu($0.tensor("x")))
    },
    kernel(
      "tensor", "A matrix from rows of numbers.",
      [FieldDefinition("rows", .list(.list(.float)), positional: true, doc: "Rows of one length.")]
    ) { arguments in
      let rows = arguments.list("rows").map { ($0.listValue ?? []).map { Float($0.doubleValue ?? .nan) } }
      let columns = rows.first?.count ?? 0
      guard rows.allSatisfy({ $0.count == columns }) else {
        throw CallError("the rows have \(rows.map(\.count)) numbers; all need the same", argument: "rows")
      }
      return TensorValues.value(Tensor(rows.flatMap { $0 }, shape: [rows.count, columns]))
    },
    kernel(
      "filled", "A matrix of one number.",
      [
        FieldDefinition("value", .float, positional: true),
        FieldDefinition("rows", .int, range: .between(1, 1_000_000)),
        FieldDefinition("columns", .int, default: 1, range: .between(1, 1_000_000)),
      ],
      bytes: { 4 * $0.int("rows") * $0.int("columns") }
    ) { arguments in
      let shape = Shape([arguments.int("rows"), arguments.int("columns")])
      return TensorValues.value(Tensor(repeating: Float(arguments.float("value")), shape: shape))
    },
  ]

  private static func map(_ arguments: Arguments, _ function: (Double) -> Double) -> Value {
    let x = arguments.tensor("x")
    return TensorValues.value(Tensor(x.values.map { Float(function(Double($0))) }, shape: x.shape))
  }

  // MARK: Rows and columns

  private static let rowsAndColumns: [FunctionDefinition] = [
    kernel(
      "matmul", "The matrix product, M×K · K×N.",
      [
        operand("a"), operand("b"), FieldDefinition("transpose_a", .bool, default: false, doc: "Use a's transpose."),
        FieldDefinition("transpose_b", .bool, default: false, doc: "Use b's transpose."),
      ],
      bytes: { arguments in
        // Rows of a times columns of b; whether they fit is for the kernel to say.
        let (a, b) = (arguments.tensor("a").shape.rowsAndColumns, arguments.tensor("b").shape.rowsAndColumns)
        return 4 * (arguments.bool("transpose_a") ? a.columns : a.rows) * (arguments.bool("transpose_b") ? b.rows : b.columns)
      },
      work: { arguments in
        let (a, b) = (arguments.tensor("a"), arguments.tensor("b").shape.rowsAndColumns)
        return Double(a.count) * Double(arguments.bool("transpose_b") ? b.rows : b.columns)
      }
    ) { arguments in
      TensorValues.value(
        try Kernels.matmul(
          try arguments.matrix("a"), try arguments.matrix("b"), transposeA: arguments.bool("transpose_a"),
          transposeB: arguments.bool("transpose_b")))
    },
    kernel("transpose", "Rows for columns.", [operand("x")]) {
      TensorValues.value(try $0.matrix("x").transposed())
    },
    kernel("column", "A vector as a matrix of one column.", [operand("x")]) {
      let x = $0.tensor("x")
      return TensorValues.value(x.reshaped([x.count, 1]))
    },
    kernel("scale_rows", "Each row times its factor.", [operand("x"), operand("factors", "A number a row.")]) {
      let x = try $0.matrix("x")
      let factors = try $0.vector("factors", count: x.shape[0])
      let columns = x.shape[1]
      return TensorValues.value(Tensor(x.values.enumerated().map { $1 * factors[$0 / columns] }, shape: x.shape))
    },
    kernel("scale_columns", "Each column times its factor.", [operand("x"), operand("factors", "A number a column.")]) {
      let x = try $0.matrix("x")
      let columns = x.shape[1]
      let factors = try $0.vector("factors", count: columns)
      return TensorValues.value(Tensor(x.values.enumerated().map { $1 * factors[$0 % columns] }, shape: x.shape))
    },
  ]

  // MARK: Sums

  private static let reductions: [FunctionDefinition] = [
    kernel("total", "The sum of all elements.", [operand("x")], result: .float) {
      .float($0.tensor("x").values.reduce(0.0) { $0 + Double($1) })
    },
    kernel("average", "The mean of all elements.", [operand("x")], result: .float) {
      let x = $0.tensor("x")
      guard x.count > 0 else { throw CallError("there are no elements to average", argument: "x") }
      return .float(x.values.reduce(0.0) { $0 + Double($1) } / Double(x.count))
    },
    kernel("row_sums", "The sum of each row, as a column.", [operand("x")]) {
      let x = $0.tensor("x")
      let (rows, columns) = x.shape.rowsAndColumns
      let values = x.values
      let sums = (0..<rows).map { row in
        Float(values[row * columns..<(row + 1) * columns].reduce(0.0) { $0 + Double($1) })
      }
      return TensorValues.value(Tensor(sums, shape: [rows, 1]))
    },
    kernel("column_sums", "The sum of each column, as a column.", [operand("x")]) {
      let sums = Kernels.columnSums($0.tensor("x"))
      return TensorValues.value(sums.reshaped([sums.count, 1]))
    },
  ]
}
