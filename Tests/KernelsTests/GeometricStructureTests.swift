import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct GeometricStructureTests {
  private func gram(_ structure: GeometricStructure) throws -> [[Double]] {
    let k = structure.classes
    let values = try matmul(structure.vertices, structure.vertices, transposeB: true).doubles
    return (0..<k).map { Array(values[$0 * k..<($0 + 1) * k]) }
  }

  /// The edge K = d + 1 included.
  @Test(arguments: [
    (2, 1), (2, 5), (3, 2), (4, 3), (5, 9), (10, 9), (33, 32), (34, 33), (66, 65), (100, 128), (129, 128),
  ])
  func simplexHasAllAnglesEqual(_ k: Int, _ d: Int) throws {
    for seed in [0, 5, .max] as [UInt64] {
      let structure = try GeometricStructure(classes: k, dimension: d, seed: seed)
      #expect(structure.kind == .simplex)
      for (i, row) in try gram(structure).enumerated() {
        for (j, inner) in row.enumerated() { #expect(abs(inner - (i == j ? 1 : -1 / Double(k - 1))) < 1e-6) }
      }
      let sums = columnSums(structure.vertices).values
      #expect(sums.allSatisfy { abs($0) < 1e-5 })
      #expect(abs(structure.largestCosine - structure.simplexBound) < 1e-6)
      #expect(structure.rankinBound == structure.simplexBound)
    }
  }

  /// More than d + 1 vectors: 0 is the least possible largest cosine up to 2d, and reached.
  @Test(arguments: [(4, 2), (5, 3), (6, 3), (130, 128), (200, 128), (256, 128)])
  func orthogonalSimplicesReachRankinsBound(_ k: Int, _ d: Int) throws {
    let structure = try GeometricStructure(classes: k, dimension: d, seed: 3)
    #expect(structure.kind == .orthogonalSimplices)
    #expect(structure.rankinBound == 0 && abs(structure.largestCosine) < 1e-6)
    for (i, row) in try gram(structure).enumerated() { #expect(abs(row[i] - 1) < 1e-6) }
    #expect(columnSums(structure.vertices).values.allSatisfy { abs($0) < 1e-4 })
  }

  /// Known optima of the largest cosine: regular polygons, Tammes' problem for 9 and 12 points.
  @Test(arguments: [
    (5, 2, cos(2 * Double.pi / 5)), (6, 2, 0.5), (7, 2, cos(2 * Double.pi / 7)), (7, 3, 0.210), (9, 3, 1.0 / 3),
    (12, 3, 1 / 5.0.squareRoot()),
  ])
  func descentComesCloseToKnownOptima(_ k: Int, _ d: Int, _ best: Double) throws {
    let found = try ([1, 2, 3] as [UInt64]).map { seed in
      let structure = try GeometricStructure(classes: k, dimension: d, seed: seed)
      #expect(structure.kind == .approximate)
      #expect(structure.largestCosine > best - 1e-3)
      return structure.largestCosine
    }
    #expect(found.min()! < best + 3e-3, "\(found)")
  }

  /// Better than Welch's bound, which is for the absolute value and so can be beaten.
  @Test func descentInManyDimensions() throws {
    let structure = try GeometricStructure(classes: 300, dimension: 128, seed: 1)
    #expect(structure.largestCosine < 0.035 && structure.largestCosine > structure.rankinBound)
    #expect(abs(structure.welchBound - 0.06703) < 1e-4)
    #expect(abs(structure.simplexBound + 1.0 / 299) < 1e-12)
    let lengths = normalizeRows(structure.vertices).inverseLengths.values
    #expect(lengths.allSatisfy { abs($0 - 1) < 1e-5 })
  }

  @Test func oneVertex() throws {
    let structure = try GeometricStructure(classes: 1, dimension: 7, seed: 1)
    #expect(abs(innerProduct(structure.vertices, structure.vertices) - 1) < 1e-6)
    #expect(structure.kind == .simplex && structure.largestCosine == -1)
    #expect(try GeometricStructure(classes: 3, dimension: 1, seed: 1).largestCosine > 0.999999)
  }

  @Test func seedIsARotation() throws {
    for (k, d) in [(10, 16), (20, 16), (40, 16)] {
      let a = try GeometricStructure(classes: k, dimension: d, seed: 1)
      let b = try GeometricStructure(classes: k, dimension: d, seed: 2)
      #expect(a.vertices == (try GeometricStructure(classes: k, dimension: d, seed: 1)).vertices)
      #expect(a.vertices != b.vertices)
    }
  }

  /// A rotation of the start rotates the vertices, so that they are uniform over all rotations as the start is.
  @Test(arguments: [(2, 3), (14, 16), (40, 39), (60, 40)]) func rotatesWithItsStart(_ k: Int, _ d: Int) {
    let start = Tensor.sample([k, d], seed: 1)
    /// Axes shifted by five places, every third one reversed.
    func rotated(_ x: [Float]) -> [Float] {
      (0..<k * d).map { i in (i % d % 3 == 0 ? -1 : 1) * x[i / d * d + (i % d + 5) % d] }
    }
    var (a, b) = ([Float](repeating: 0, count: k * d), [Float](repeating: 0, count: k * d))
    #expect(ck_structure_exact(&a, start.values, k, d) == CK_OK)
    #expect(ck_structure_exact(&b, rotated(start.values), k, d) == CK_OK)
    #expect(zip(rotated(a), b).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    for (k, d) in [(30, 40), (50, 40), (90, 8), (200, 150)] {
      let runs = try Machine.everyVariant { try GeometricStructure(classes: k, dimension: d, seed: 4) }
      for run in runs {
        #expect(run.result.vertices.bits == runs[0].result.vertices.bits, "\(run.name)")
        #expect(run.result.largestCosine == runs[0].result.largestCosine)
      }
    }
  }

  @Test func givenVertices() throws {
    for (k, d) in [(10, 16), (20, 16), (40, 16)] {
      let made = try GeometricStructure(classes: k, dimension: d, seed: 1)
      let read = try GeometricStructure(vertices: made.vertices)
      #expect(read.vertices.bits == made.vertices.bits && read.kind == made.kind)
      #expect(read.largestCosine == made.largestCosine)
    }
    let long = try GeometricStructure(vertices: Tensor([3, 4, 0, -2], shape: [2, 2]))
    #expect(relativeError(long.vertices.doubles, [0.6, 0.8, 0, -1]) < 1e-6)
    #expect(throws: KernelError.self) { try GeometricStructure(vertices: Tensor([1, 0, 0, 0], shape: [2, 2])) }
    #expect(throws: KernelError.self) { try GeometricStructure(vertices: Tensor([1, 0, .nan, 0], shape: [2, 2])) }
    #expect(throws: KernelError.self) { try GeometricStructure(vertices: Tensor([1, 0], shape: [2])) }
  }

  @Test func refusesBadInput() {
    let remedy = "300 vectors of equal angles do not fit in dimension 128: use at most 129 classes, or a dimension of "
      + "at least 299"
    #expect(throws: KernelError("geometric structure", .badShape, remedy)) {
      try GeometricStructure(classes: 300, dimension: 128, seed: 0, exactSimplex: true)
    }
    for (k, d) in [(0, 4), (4, 0), (-1, 4), (1 << 17, 4)] {
      #expect(throws: KernelError.self) { try GeometricStructure(classes: k, dimension: d, seed: 0) }
    }
    // a start without rank is refused, not turned into garbage
    var vertices = [Float](repeating: 0, count: 12)
    #expect(ck_structure_exact(&vertices, [Float](repeating: 1, count: 12), 4, 3) == CK_BAD_VALUE)
    // a whole block, and one row of it, in the span of those before
    for copies in [32, 1] {
      var rows = Tensor.sample([65, 64], seed: 1).values
      for row in (64 - copies)..<64 { rows.replaceSubrange(row * 64..<(row + 1) * 64, with: rows[..<64]) }
      vertices = [Float](repeating: 0, count: 65 * 64)
      #expect(ck_structure_exact(&vertices, rows, 65, 64) == CK_BAD_VALUE)
    }
    #expect(ck_structure_exact(&vertices, [Float](repeating: 1, count: 12), 6, 2) == CK_BAD_SHAPE)
  }

  @Test func writesAllOfItsOutputAndNothingElse() {
    for (k, d) in [(1, 3), (4, 3), (6, 4), (20, 3)] {
      let start = Guarded(Tensor.sample([k, d], seed: 1))
      let y = Guarded<UInt32>(count: k * d)
      if k <= 2 * d {
        #expect(ck_structure_exact(y.floats, start.floats, k, d) == CK_OK)
        #expect(y.marginsAreIntact && y.unwritten == 0)
      } else {
        let workspace = Guarded<UInt32>(count: (ck_structure_spread_workspace(k, d, 2) + 3) / 4)
        #expect(ck_structure_spread(start.floats, k, d, 50, 2, workspace.floats) == CK_OK)
        #expect(workspace.marginsAreIntact)
      }
      #expect(start.marginsAreIntact)
    }
  }
}
