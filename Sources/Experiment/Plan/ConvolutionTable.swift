import Foundation
import Kernels
import NeuralNet

/// The convolutions of a model for a plan, those that are alike in one row.
struct ConvolutionTable {
  struct Row {
    /// Layers in the order of the data's way.
    var names: [String]
    let plan: Convolution
    /// Multiply-adds of all these layers, of all in the model, for plain sums; between 0 and 1.
    var share: Double
  }

  let rows: [Row]
  private let choice: ConvolutionChoice

  init(_ convolutions: [PlannedConvolution], _ choice: ConvolutionChoice) {
    self.choice = choice
    let total = Double(convolutions.reduce(0) { $0 + $1.plan.operations })
    var rows: [Row] = []
    for convolution in convolutions {
      let share = Double(convolution.plan.operations) / total
      if let place = rows.firstIndex(where: { Self.areAlike($0.plan, convolution.plan) }) {
        rows[place].names.append(convolution.name)
        rows[place].share += share
      } else {
        rows.append(Row(names: [convolution.name], plan: convolution.plan, share: share))
      }
    }
    self.rows = rows
  }

  private static func areAlike(_ a: Convolution, _ b: Convolution) -> Bool {
    a.inputShape == b.inputShape && a.weightShape == b.weightShape && a.stride == b.stride && a.padding == b.padding
      && a.algorithm == b.algorithm
  }

  /// `fast`, `fast; direct where a layer allows it`
  var precision: String {
    choice.precision.rawValue + (choice.algorithm.map { "; \($0.rawValue) where a layer allows it" } ?? "")
  }

  /// A head, then a line a row; heights, widths and channels of one image.
  var lines: [String] {
    let table = rows.map { row in
      [
        Self.short(row.names[0]) + (row.names.count > 1 ? " ×\(row.names.count)" : ""),
        "\(Self.image(row.plan.inputShape)) → \(Self.image(row.plan.outputShape))", Self.kernel(row.plan),
        row.plan.algorithm.rawValue, String(format: "%.1f %%", 100 * row.share),
      ]
    }
    return Self.aligned([["convolution", "images", "kernel", "algorithm", "multiply-adds"]] + table)
  }

  /// Columns to the left, the last one to the right.
  private static func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows[0].indices
    let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      "    "
        + columns.map { column in
          let gap = String(repeating: " ", count: widths[column] - row[column].count)
          return column == columns.last ? gap + row[column] : row[column] + gap
        }.joined(separator: "  ")
    }
  }

  var json: JSONValue {
    .array(
      rows.map { row in
        .object([
          "layers": .strings(row.names), "input": .integers(row.plan.inputShape.extents),
          "output": .integers(row.plan.outputShape.extents), "kernel": .int(row.plan.weightShape[1]),
          "stride": .int(row.plan.stride.rows), "algorithm": .string(row.plan.algorithm.rawValue),
          "share": .number(row.share),
        ])
      })
  }

  /// Without the part that all share: `layer1.0.conv1`.
  private static func short(_ name: String) -> String {
    let prefix = "backbone."
    return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
  }

  /// `32×32×64`
  private static func image(_ shape: Shape) -> String { Shape(Array(shape.extents.dropFirst())).description }

  /// `3×3`, `3×3 / 2` with a stride.
  private static func kernel(_ plan: Convolution) -> String {
    let size = "\(plan.weightShape[1])×\(plan.weightShape[2])"
    return plan.stride.rows == 1 ? size : "\(size) / \(plan.stride.rows)"
  }
}
