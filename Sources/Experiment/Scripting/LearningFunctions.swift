import Foundation
import Kernels
import RecipeLanguage

/// The kernels that learning is made of, for scripts.
extension RecipeCatalogue {
  static let learning: [FunctionDefinition] = [
    kernel(
      "conv2d", "Cross-correlation of images N C H W with weights K C R S.",
      [
        operand("images"), operand("weights"), FieldDefinition("stride", .int, default: 1, range: .atLeast(1)),
        FieldDefinition("padding", .int, default: 0, range: .atLeast(0)),
      ],
      bytes: { Int(min(4 * convolved($0), 1e18)) },
      // Of each number that comes out a product with each weight of its channel; and the images with their padding.
      work: { arguments in
        let weights = arguments.tensor("weights")
        return convolved(arguments) * Double(weights.count / max(1, weights.shape.extents.first ?? 1))
      }
    ) { arguments in
      let (images, weights) = (arguments.tensor("images"), arguments.tensor("weights"))
      for (name, tensor) in [("images", images), ("weights", weights)] where tensor.shape.rank != 4 {
        throw CallError("takes four axes, not \(tensor.shape)", argument: name)
      }
      let (x, w) = (images.toNHWC(), weights.toKRSC())
      let plan = try Convolution(
        input: x.shape, outputChannels: w.shape[0], kernel: (w.shape[1], w.shape[2]),
        stride: arguments.int("stride"), padding: arguments.int("padding"), precision: .exact)
      return TensorValues.value(try plan.forward(x, w).toNCHW())
    },
    kernel("unit_rows", "Each row divided by its length.", [operand("x")]) {
      TensorValues.value(normalizeRows(try $0.matrix("x")).rows)
    },
    kernel("softmax", "exp(x / temperature) of each row, made to sum to 1.", [operand("x"), rowTemperature]) {
      TensorValues.value(
        try softmaxRows(try $0.matrix("x"), temperature: Float($0.float("temperature"))))
    },
    kernel("log_softmax", "The logarithm of `softmax`.", [operand("x"), rowTemperature]) {
      TensorValues.value(
        try logSoftmaxRows(try $0.matrix("x"), temperature: Float($0.float("temperature"))))
    },
    kernel(
      "vertices", "The vectors of a structure, one a row.",
      [FieldDefinition("structure", .record("Structure"), positional: true, doc: "`simplex(…)` or `spread(…)`.")],
      bytes: { arguments in
        arguments["structure"].recordValue.map { 4 * $0.int("classes") * $0.int("dimension") } ?? 0
      },
      // An eigendecomposition where the simplex fits, pairs of vectors otherwise.
      work: { arguments in
        let (classes, dimension) = arguments["structure"].recordValue.map { ($0.int("classes"), $0.int("dimension")) } ?? (0, 0)
        return 16 * pow(Double(classes), 2) * Double(max(classes, dimension))
      }
    ) { arguments in
      guard let record = arguments["structure"].recordValue else { throw CallError("takes a structure") }
      let structure = try GeometricStructure(
        classes: record.int("classes"), dimension: record.int("dimension"),
        seed: UInt64(record["seed"]?.intValue ?? 0), exactSimplex: record.type == "simplex")
      return TensorValues.value(structure.vertices)
    },
    kernel(
      "sinkhorn", "Surrogate labels: samples × classes, each row sums to 1, each column towards its share.",
      [
        operand("scores", "Samples × classes."), FieldDefinition("prior", TensorValues.type, doc: "A share a class."),
        lambda, iterations,
      ], work: { assigning($0.tensor("scores").count, $0) }
    ) { arguments in
      let solver = try sinkhorn(arguments)
      return TensorValues.value(
        try solver(try arguments.matrix("scores"), prior: try prior(arguments, arguments.tensor("scores").shape))
          .assignment)
    },
    kernel(
      "nt_xent", "The contrastive loss of two views, as a mean over images.",
      [
        operand("z1"), operand("z2"),
        FieldDefinition("temperature", .float, default: .value(.float(0.2)), range: .between(0.001, 100)),
        FieldDefinition("gamma", .optional(.float), range: .between(0, 10), doc: "The focal exponent."),
      ], result: .float,
      // Each view with each, forth and back, and an exponential of it.
      work: { arguments in
        let (rows, columns) = arguments.tensor("z1").shape.rowsAndColumns
        return pow(2 * Double(rows), 2) * Double(2 * columns + exponential)
      }
    ) { arguments in
      let loss = try NTXent(
        temperature: Float(arguments.float("temperature")), focalGamma: arguments["gamma"].doubleValue.map { Float($0) }
      )
      return .float(try loss(try arguments.matrix("z1"), try arguments.matrix("z2")).loss)
    },
    kernel(
      "gh_loss", "The loss of Geometric Harmonization, the sum of both directions.",
      [
        operand("z1"), operand("z2"), FieldDefinition("structure", TensorValues.type, doc: "Vectors, one a row."),
        FieldDefinition("prior", TensorValues.type, doc: "A share a vector."), lambda, iterations,
        FieldDefinition("temperature", .float, default: .value(.float(0.1)), range: .between(0.01, 10)),
      ], result: .float,
      work: { arguments in
        let (views, vectors) = (arguments.tensor("z1"), arguments.tensor("structure").shape.rowsAndColumns.rows)
        let rows = views.shape.rowsAndColumns.rows
        return 6 * Double(views.count) * Double(vectors) + 2 * assigning(rows * vectors, arguments)
      }
    ) { arguments in
      let structure = try arguments.matrix("structure")
      let loss = try GHLoss(
        structure: structure, sinkhorn: try sinkhorn(arguments), temperature: Float(arguments.float("temperature")))
      let prior = try prior(arguments, [1, structure.shape[0]])
      return .float(try loss(try arguments.matrix("z1"), try arguments.matrix("z2"), prior: prior).loss)
    },
  ]

  private static let rowTemperature = FieldDefinition(
    "temperature", .float, default: .value(.float(1)), range: .above(0, to: 1000), doc: "Divides x.")
  private static let lambda = FieldDefinition(
    "lambda", .float, default: .value(.float(0.05)), range: .above(0, to: 1000), doc: "Entropic regularisation.")
  private static let iterations = FieldDefinition(
    "iterations", .int, default: 300, range: .between(1, 100_000), doc: "How many.")

  /// Operations that take as long as one exponential or logarithm.
  private static let exponential = 32

  /// Operations of Sinkhorn's iterations, in which each score is met twice, over rows and over columns.
  private static func assigning(_ scores: Int, _ arguments: Arguments) -> Double {
    2 * Double(scores) * Double(arguments.int("iterations")) * Double(exponential)
  }

  /// Numbers that a convolution gives; 0 where it will be refused.
  private static func convolved(_ arguments: Arguments) -> Double {
    let (images, weights) = (arguments.tensor("images").shape.extents, arguments.tensor("weights").shape.extents)
    guard images.count == 4, weights.count == 4 else { return 0 }
    let (stride, padding) = (Double(arguments.int("stride")), Double(arguments.int("padding")))
    func extent(_ axis: Int) -> Double { max(0, (Double(images[axis]) + 2 * padding - Double(weights[axis])) / stride + 1) }
    return Double(images[0] * weights[0]) * extent(2) * extent(3)
  }

  private static func sinkhorn(_ arguments: Arguments) throws -> Sinkhorn {
    try Sinkhorn(
      Sinkhorn.Options(lambda: Float(arguments.float("lambda")), iterations: arguments.int("iterations")))
  }

  /// The prior as a vector with a value for each column of `shape`.
  private static func prior(_ arguments: Arguments, _ shape: Shape) throws -> Tensor {
    let classes = shape.rowsAndColumns.columns
    return Tensor(try arguments.vector("prior", count: classes), shape: [classes])
  }
}
