import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct GHLossTests {
  private func views(_ n: Int, _ d: Int) -> (Tensor, Tensor) {
    let a = Tensor.sample([n, d], seed: 1, in: -2...2)
    var b = Tensor.sample([n, d], seed: 2, in: -1...1)
    try! b.accumulate(a, factor: 0.7)
    return (a, b)
  }

  /// −mean Σ q log softmax(t/γ) in double for one direction, t the unit scores of z.
  private func direction(_ z: [Double], _ m: Tensor, _ q: [Double], _ temperature: Double) -> Double {
    let (k, d) = (m.shape[0], m.shape[1])
    let (n, vertices) = (z.count / d, m.doubles)
    var total = 0.0
    for i in 0..<n {
      var t = (0..<k).map { c in
        var sum = 0.0
        for j in 0..<d { sum += z[i * d + j] * vertices[c * d + j] }
        return sum
      }
      let length = t.reduce(0) { $0 + $1 * $1 }.squareRoot()
      t = t.map { $0 / length / temperature }
      let top = t.max()!
      let lse = top + log(t.reduce(0) { $0 + exp($1 - top) })
      for c in 0..<k { total -= q[i * k + c] * (t[c] - lse) }
    }
    return total / Double(n)
  }

  /// More classes than dimensions, one sample, one class and awkward sizes among them.
  @Test(arguments: [(1, 3, 4), (7, 1, 3), (6, 5, 8), (21, 30, 17), (9, 12, 5)])
  func lossAndSlopeForFixedLabels(_ n: Int, _ k: Int, _ d: Int) throws {
    let (z1, z2) = views(n, d)
    let structure = try GeometricStructure(classes: k, dimension: d, seed: 3)
    let prior = Tensor((0..<k).map { 1 / Float($0 + 1) }, shape: [k])
    for temperature in [0.1, 1] as [Float] {
      let gh = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn(), temperature: temperature)
      let result = try gh(z1, z2, prior: prior)
      let (q1, q2) = (result.labels1.assignment.doubles, result.labels2.assignment.doubles)
      func loss(_ a: [Double], _ b: [Double]) -> Double {
        direction(b, structure.vertices, q1, Double(temperature))
          + direction(a, structure.vertices, q2, Double(temperature))
      }
      let expected = loss(z1.doubles, z2.doubles)
      #expect(abs(result.loss - expected) < 1e-5 * max(1, expected))
      for i in stride(from: 0, to: n * d, by: max(1, n * d / 6)) {
        for second in [false, true] {
          func shifted(_ h: Double) -> Double {
            var (a, b) = (z1.doubles, z2.doubles)
            if second { b[i] += h } else { a[i] += h }
            return loss(a, b)
          }
          let slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5
          let got = Double((second ? result.dZ2 : result.dZ1)[flat: i])
          #expect(abs(slope - got) < 1e-4 * abs(slope) + 2e-6)
        }
      }
    }
  }

  /// Every embedding on a vertex of its own (theorem 3.4): scores are 1 and C = −1/(K − 1) over their
  /// length, labels are hard, and each direction is log(1 + (K − 1) exp((C − 1) / (γ length))).
  @Test(arguments: [2, 5, 100]) func embeddingsOnTheVertices(_ k: Int) throws {
    let structure = try GeometricStructure(classes: k, dimension: 128, seed: 9)
    let gh = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn(.init(lambda: 1e-3)), temperature: 1)
    let z = structure.vertices.scaled(by: 7)
    let result = try gh(z, z)
    let cosine = -1 / Double(k - 1)
    let length = (1 + Double(k - 1) * cosine * cosine).squareRoot()
    let one = log(1 + Double(k - 1) * exp((cosine - 1) / length))
    #expect(abs(result.loss - 2 * one) < 1e-5)
    // the largest score there is (METHOD.md 1.2)
    #expect(abs(Double(result.scores1[flat: 0]) - (Double(k - 1) / Double(k)).squareRoot()) < 1e-6)
    for (i, q) in result.labels1.assignment.values.enumerated() {
      #expect(abs(q - (i % k == i / k ? 1 : 0)) < 1e-5)
    }
  }

  @Test func lengthsAndDirectionsOutsideTheStructureDoNotMatter() throws {
    let structure = try GeometricStructure(classes: 5, dimension: 12, seed: 2)
    let gh = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn())
    let (z1, z2) = views(14, 12)
    let result = try gh(z1, z2)
    let longer = try gh(z1.scaled(by: 8), z2)
    #expect(abs(longer.loss - result.loss) < 1e-6)
    #expect(abs(innerProduct(result.dZ1, z1)) < 1e-5)
    // the gradient stays in the span of the vertices: sending it through twice the projector changes nothing
    let gram = try matmul(structure.vertices, structure.vertices, transposeA: true).scaled(by: 4.0 / 5)
    #expect(relativeError(try matmul(result.dZ1, gram).doubles, result.dZ1.doubles) < 1e-5)
    #expect(try gh.scores(z1) == result.scores1)
  }

  @Test func viewsAreExchangeable() throws {
    let structure = try GeometricStructure(classes: 9, dimension: 12, seed: 2)
    let gh = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn())
    let (z1, z2) = views(14, 12)
    let (a, b) = (try gh(z1, z2), try gh(z2, z1))
    #expect(abs(a.loss - b.loss) < 1e-12 && a.dZ1 == b.dZ2 && a.dZ2 == b.dZ1)
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    let structure = try GeometricStructure(classes: 100, dimension: 128, seed: 2)
    let gh = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn(.init(iterations: 20)))
    let (z1, z2) = views(257, 128)
    let runs = try Machine.everyVariant {
      let result = try gh(z1, z2)
      return [result.dZ1.bits, result.dZ2.bits, result.scores1.bits, [Float(result.loss).bitPattern]]
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test func refusesBadInput() throws {
    let structure = try GeometricStructure(classes: 5, dimension: 4, seed: 2)
    let gh = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn())
    let (z1, z2) = views(6, 4)
    #expect(throws: KernelError.self) { try gh(Tensor(zeros: [6, 3]), Tensor(zeros: [6, 3])) }
    #expect(throws: KernelError.self) { try gh(z1, Tensor(zeros: [5, 4])) }
    #expect(throws: KernelError.self) { try gh(z1, z2, prior: Tensor(zeros: [5])) }
    var spoilt = z1
    spoilt[flat: 9] = .nan
    let error = #expect(throws: KernelError.self) { try gh(spoilt, z2) }
    #expect(error?.reason == .notFinite)
    for temperature in [0, -1, .nan] as [Float] {
      #expect(throws: KernelError.self) {
        try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn(), temperature: temperature)
      }
    }
  }
}
