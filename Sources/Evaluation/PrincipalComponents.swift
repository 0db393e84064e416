import Foundation
import Kernels

/// The directions in which rows vary most.
///
/// Subspace iteration on the covariance with a few spare directions, then an exact rotation inside the
/// subspace; no random numbers. A direction is given the sign that makes its largest entry positive.
package struct PrincipalComponents {
  /// The rows' mean, d values.
  package let mean: [Double]
  /// Unit vectors in descending order of variance; fewer if the rows have fewer dimensions.
  package let directions: [[Double]]
  /// Variance along each (divided by N).
  package let variances: [Double]

  private static let spare = 6

  /// - Parameter rows: N×d with N > 0, finite.
  package init(of rows: Tensor, count: Int) throws {
    let (n, d) = (rows.shape[0], rows.shape[1])
    var mean = [Double](repeating: 0, count: d)
    rows.withUnsafeBufferPointer { values in
      for row in 0..<n { for column in 0..<d { mean[column] += Double(values[row * d + column]) } }
    }
    for column in 0..<d { mean[column] /= Double(n) }
    self.mean = mean
    let centred = Self.subtracting(mean, from: rows)
    let covariance = try matmul(centred, centred, transposeA: true).scaled(by: 1 / Float(n))
    let width = min(d, count + Self.spare)
    // A start that is no eigenvector of anything likely: cosines of uneven angles.
    var basis = (0..<width).map { k -> [Double] in
      let step = 0.7391 * Double(2 * k + 3)
      return (1...d).map { cos(step * Double($0) + Double(k)) }
    }
    Self.orthonormalize(&basis)
    var last = 0.0
    for round in 0..<200 {
      basis = try Self.product(covariance, basis)
      let size = basis.reduce(0) { $0 + Self.dot($1, $1) }.squareRoot()
      Self.orthonormalize(&basis)
      if round > 3, abs(size - last) <= 1e-9 * size { break }
      last = size
    }
    // Rayleigh–Ritz: the small matrix basisᵀ · covariance · basis, made diagonal.
    let image = try Self.product(covariance, basis)
    let small = basis.indices.map { a -> [Double] in
      basis.indices.map { b in (Self.dot(basis[a], image[b]) + Self.dot(basis[b], image[a])) / 2 }
    }
    let (values, vectors) = Self.symmetricEigen(small)
    let order = values.indices.sorted { values[$0] > values[$1] }.prefix(min(count, d))
    variances = order.map { max(0, values[$0]) }
    directions = order.map { position in
      var direction = [Double](repeating: 0, count: d)
      for (k, vector) in basis.enumerated() {
        for column in 0..<d { direction[column] += vectors[position][k] * vector[column] }
      }
      let largest = direction.max { abs($0) < abs($1) } ?? 0
      return largest < 0 ? direction.map { -$0 } : direction
    }
  }

  /// Coordinates of the rows along each direction: one list a direction.
  package func coordinates(of rows: Tensor) -> [[Double]] {
    let d = rows.shape[1]
    return directions.map { direction in
      rows.withUnsafeBufferPointer { values in
        (0..<rows.shape[0]).map { row in
          var sum = 0.0
          for column in 0..<d { sum += (Double(values[row * d + column]) - mean[column]) * direction[column] }
          return sum
        }
      }
    }
  }

  private static func subtracting(_ mean: [Double], from rows: Tensor) -> Tensor {
    var result = rows
    let d = rows.shape[1]
    result.withUnsafeMutableBufferPointer { values in
      for position in values.indices { values[position] -= Float(mean[position % d]) }
    }
    return result
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The symmetric matrix times each vector.
  private static func product(_ matrix: Tensor, _ vectors: [[Double]]) throws -> [[Double]] {
    let d = matrix.shape[0]
    let stacked = Tensor(vectors.flatMap { $0.map { Float($0) } }, shape: [vectors.count, d])
    let result = try matmul(stacked, matrix).values
    return vectors.indices.map { k in result[k * d..<(k + 1) * d].map(Double.init) }
  }

  /// Gram–Schmidt, twice for accuracy. A vector that vanishes stays zero.
  private static func orthonormalize(_ vectors: inout [[Double]]) {
    for k in vectors.indices {
      let before = dot(vectors[k], vectors[k])
      for _ in 0..<2 {
        for other in 0..<k {
          let share = dot(vectors[k], vectors[other])
          for column in vectors[k].indices { vectors[k][column] -= share * vectors[other][column] }
        }
      }
      let length = dot(vectors[k], vectors[k]).squareRoot()
      let isGone = length * length <= before * 1e-20
      vectors[k] = vectors[k].map { isGone ? 0 : $0 / length }
    }
  }

  /// Eigenvalues and eigenvectors (rows) of a small symmetric matrix, by Jacobi rotations.
  package static func symmetricEigen(_ matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
    var a = matrix
    let n = a.count
    var v = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    for _ in 0..<50 {
      var off = 0.0
      for p in 0..<n { for q in 0..<p { off += a[p][q] * a[p][q] } }
      let scale = a.indices.reduce(0) { $0 + a[$1][$1] * a[$1][$1] }
      if off <= 1e-30 * scale || off == 0 { break }
      for p in 0..<n {
        for q in (p + 1)..<max(n, p + 1) where a[p][q] != 0 {
          let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
          for k in 0..<n { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
          for k in 0..<n { (v[p][k], v[q][k]) = (c * v[p][k] - s * v[q][k], s * v[p][k] + c * v[q][k]) }
        }
      }
    }
    return (a.indices.map { a[$0][$0] }, v)
  }
}
