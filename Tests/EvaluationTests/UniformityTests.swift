import Evaluation
import Foundation
import Kernels
import Testing

@Suite struct UniformityTests {
  @Test(arguments: [2, 3, 10]) func theSimplexReachesTheBound(_ classes: Int) throws {
    // Vertices e_c − 1/L, of any length.
    let rows = (0..<classes).map { c in
      (0..<classes).map { Float(($0 == c ? 1 : 0) - 1 / Double(classes)) * Float(c + 1) }
    }
    let result = try Uniformity(
      Features(SyntheticFeatures.matrix(rows), labels: Array(0..<classes)), neighbours: 2)
    #expect(abs(result.interClass - result.bound) < 1e-6 && abs(result.neighbourhood - result.bound) < 1e-6)
    #expect(abs(result.bound - (2 * Double(classes) / Double(classes - 1)).squareRoot()) < 1e-12)
  }

  @Test func theSquareInThePlane() throws {
    // METHOD 5.2: U = 1.609, U_1 = 1.414.
    let corners: [[Float]] = [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    let result = try Uniformity(Features(SyntheticFeatures.matrix(corners), labels: [0, 1, 2, 7]))
    #expect(abs(result.interClass - 1.609) < 5e-4 && abs(result.neighbourhood - 2.0.squareRoot()) < 1e-6)
    #expect(result.classes == 4 && result.neighbours == 1)
  }

  @Test func collapsedClassesAreAtZero() throws {
    let rows = [[Float]](repeating: [1, 2, 3], count: 4)
    let result = try Uniformity(Features(SyntheticFeatures.matrix(rows), labels: [0, 0, 1, 2]))
    #expect(result.interClass < 1e-6 && result.neighbourhood < 1e-6)
  }

  @Test func refusesBadInput() throws {
    let rows = SyntheticFeatures.matrix([[1, 0], [-1, 0], [0, 1]])
    #expect { try Uniformity(Features(rows, labels: [0, 0, 1])) } throws: {
      "\($0)" == "uniformity: the mean of class 0 is zero"
    }
    #expect { try Uniformity(Features(rows, labels: [4, 4, 4])) } throws: {
      "\($0)".contains("1 class with samples")
    }
    #expect(throws: EvaluationError.self) { try Uniformity(Features(rows)) }
    #expect(throws: EvaluationError.self) { try Uniformity(Features(rows, labels: [0, 1, 2]), neighbours: 0) }
  }
}
