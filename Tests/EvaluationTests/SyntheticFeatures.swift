import Evaluation
import Foundation
import Kernels

/// Clouds of points around one centre a class, from a fixed sequence.
enum SyntheticFeatures {
  /// A number in −1…1 that looks random, from two positions.
  static func noise(_ i: Int, _ j: Int) -> Double {
    let x = sin(Double(i) * 12.9898 + Double(j) * 78.233) * 43758.5453
    return 2 * (x - x.rounded(.down)) - 1
  }

  /// `perClass` rows of each class in turn; centres of length about `distance` in `dimension`.
  static func clouds(classes: Int, perClass: Int, dimension: Int, distance: Double = 3, seed: Int = 0) -> Features {
    var values: [Float] = []
    var labels: [Int] = []
    for sample in 0..<perClass {
      for label in 0..<classes {
        for column in 0..<dimension {
          let centre = distance * noise(label + 1000, column) * (3 / Double(dimension)).squareRoot()
          values.append(Float(centre + noise(sample * classes + label + seed * 77_777, column + 50) * 0.5))
        }
        labels.append(label)
      }
    }
    return try! Features(Tensor(values, shape: [labels.count, dimension]), labels: labels)
  }

  static func matrix(_ rows: [[Float]]) -> Tensor { Tensor(rows.flatMap { $0 }, shape: [rows.count, rows[0].count]) }
}
