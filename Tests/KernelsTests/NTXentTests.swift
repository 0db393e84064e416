import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

/// NT-Xent in double, straight from its definition.
private struct Oracle {
  let temperature: Double
  let gamma: Double

  /// The loss of every anchor: the first views, then the second ones.
  func anchors(_ z1: [[Double]], _ z2: [[Double]]) -> [Double] {
    let u = (z1 + z2).map { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    let count = u.count
    let flat = u.flatMap { $0 }
    let d = u[0].count
    func similarity(_ a: Int, _ b: Int) -> Double {
      var sum = 0.0
      for c in 0..<d { sum += flat[a * d + c] * flat[b * d + c] }
      return sum / temperature
    }
    return (0..<count).map { a in
      let positive = (a + count / 2) % count
      let top = 1 / temperature
      let good = exp(similarity(a, positive) - top)
      var bad = 0.0
      for b in 0..<count where b != a && b != positive { bad += exp(similarity(a, b) - top) }
      // −log p is log(1 + bad / good), which keeps its digits where p is close to 1
      return pow(bad / (good + bad), gamma) * log1p(bad / good)
    }
  }

  func loss(_ z1: [[Double]], _ z2: [[Double]]) -> Double {
    let all = anchors(z1, z2)
    return all.reduce(0, +) / Double(all.count)
  }
}

@Suite struct NTXentTests {
  static let sizes = [(2, 1), (2, 3), (3, 16), (9, 5), (17, 33), (40, 130)]

  private func rows(_ x: Tensor) -> [[Double]] {
    (0..<x.shape[0]).map { Array(x.doubles[$0 * x.shape[1]..<($0 + 1) * x.shape[1]]) }
  }

  private func views(_ n: Int, _ d: Int) -> (Tensor, Tensor) {
    let a = Tensor.sample([n, d], seed: 1, in: -2...2)
    var b = Tensor.sample([n, d], seed: 2, in: -1...1)
    try! b.accumulate(a, factor: 0.7)
    return (a, b)
  }

  @Test(arguments: sizes) func agreesWithTheDefinition(_ n: Int, _ d: Int) throws {
    let (z1, z2) = views(n, d)
    for temperature in [0.02, 0.05, 0.2, 1, 10] as [Float] {
      // rounded cosines count (1 + γ) / τ times
      for gamma in (temperature < 0.05 ? [nil, 0.5] : [nil, 0, 0.5, 1, 2, 5]) as [Float?] {
        let result = try NTXent(temperature: temperature, focalGamma: gamma)(z1, z2)
        let oracle = Oracle(temperature: Double(temperature), gamma: Double(gamma ?? 0))
        let anchors = oracle.anchors(rows(z1), rows(z2))
        let perSample = (0..<n).map { (anchors[$0] + anchors[$0 + n]) / 2 }
        let tolerance = 1e-4 * perSample.max()! + 1e-37
        #expect(
          zip(result.perSample.doubles, perSample).allSatisfy { abs($0 - $1) < tolerance },
          "τ \(temperature) γ \(gamma ?? 0)")
        let mean = perSample.reduce(0, +) / Double(n)
        #expect(abs(result.loss - mean) < 2e-5 * mean)
      }
    }
  }

  @Test(arguments: sizes.dropLast()) func gradientIsTheSlope(_ n: Int, _ d: Int) throws {
    let (z1, z2) = views(n, d)
    let cases: [(Float, Float?)] = [
      (0.03, nil), (0.03, 2), (0.1, nil), (0.2, nil), (0.5, 0.5), (0.2, 2), (1, 1),
    ]
    for (temperature, gamma) in cases {
      let result = try NTXent(temperature: temperature, focalGamma: gamma)(z1, z2)
      let oracle = Oracle(temperature: Double(temperature), gamma: Double(gamma ?? 0))
      let scale = sqrt(innerProduct(result.dZ1, result.dZ1) / Double(n * d)) + 1e-5
      for i in stride(from: 0, to: n * d, by: max(1, n * d / 5)) {
        let (row, column, h) = (i / d, i % d, 1e-4)
        for second in [false, true] {
          func loss(_ step: Double) -> Double {
            var (a, b) = (rows(z1), rows(z2))
            if second { b[row][column] += step } else { a[row][column] += step }
            return oracle.loss(a, b)
          }
          let slope = (loss(h) - loss(-h)) / (2 * h)
          let got = Double((second ? result.dZ2 : result.dZ1)[flat: i])
          let tolerance = 1e-4 * abs(slope) + 2e-4 * scale + 1e-7
          #expect(abs(slope - got) < tolerance, "τ \(temperature) γ \(gamma ?? 0), element \(i)")
        }
      }
    }
  }

  /// With weights the loss is the weighted mean of the samples' losses, and the gradient its slope.
  @Test(arguments: [(2, 3), (7, 5), (19, 16), (40, 33)]) func weightedSamples(_ n: Int, _ d: Int) throws {
    let (z1, z2) = views(n, d)
    let weights = Tensor.sample([n], seed: 5, in: 0...2)
    for (temperature, gamma) in [(0.03, nil), (0.2, nil), (0.2, 2), (0.5, 0.5)] as [(Float, Float?)] {
      let kernel = try NTXent(temperature: temperature, focalGamma: gamma)
      let (plain, result) = (try kernel(z1, z2), try kernel(z1, z2, weights: weights))
      #expect(result.perSample == plain.perSample)
      let mean = zip(weights.doubles, plain.perSample.doubles).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
      #expect(abs(result.loss - mean) < 1e-5 * abs(mean) + 1e-9)
      let oracle = Oracle(temperature: Double(temperature), gamma: Double(gamma ?? 0))
      let scale = sqrt(innerProduct(result.dZ1, result.dZ1) / Double(n * d)) + 1e-5
      for i in stride(from: 0, to: n * d, by: max(1, n * d / 5)) {
        for second in [false, true] {
          func loss(_ step: Double) -> Double {
            var (a, b) = (rows(z1), rows(z2))
            if second { b[i / d][i % d] += step } else { a[i / d][i % d] += step }
            let anchors = oracle.anchors(a, b)
            return (0..<n).reduce(0) { $0 + Double(weights[flat: $1]) * (anchors[$1] + anchors[$1 + n]) / 2 } / Double(n)
          }
          let slope = (loss(1e-4) - loss(-1e-4)) / 2e-4
          let got = Double((second ? result.dZ2 : result.dZ1)[flat: i])
          #expect(abs(slope - got) < 1e-4 * abs(slope) + 2e-4 * scale + 1e-7, "τ \(temperature), element \(i)")
        }
      }
      #expect(try kernel(z1, z2, weights: Tensor(repeating: 1, shape: [n])).dZ1 == plain.dZ1)
    }
    #expect(throws: KernelError.self) { try NTXent()(z1, z2, weights: Tensor(zeros: [n + 1])) }
  }

  @Test(arguments: [1, 2, 5, 33]) func equalEmbeddingsGiveTheLogarithmOfTheOthers(_ n: Int) throws {
    let z = Tensor((0..<n * 6).map { Float($0 % 6) - 2 }, shape: [n, 6])
    let result = try NTXent(temperature: 0.3)(z, z)
    #expect(abs(result.loss - log(Double(2 * n - 1))) < 1e-6)
    #expect(result.dZ1.values.allSatisfy { abs($0) < 1e-6 })
  }

  @Test func oneSampleHasNothingToLearn() throws {
    for gamma in [nil, 0.5, 2] as [Float?] {
      let (z1, z2) = views(1, 8)
      let result = try NTXent(focalGamma: gamma)(z1, z2)
      #expect(result.loss == 0 && result.perSample.values == [0])
      #expect(result.dZ1.values.allSatisfy { $0 == 0 } && result.dZ2.values.allSatisfy { $0 == 0 })
    }
  }

  @Test func laws() throws {
    let (z1, z2) = views(21, 10)
    for loss in [try NTXent(), try NTXent(focalGamma: 2)] {
      let a = try loss(z1, z2)
      let b = try loss(z2, z1)
      // the views are exchangeable
      #expect(abs(a.loss - b.loss) < 1e-6 && relativeError(a.dZ1.doubles, b.dZ2.doubles) < 1e-5)
      // lengths do not matter, so gradients are at right angles to the embeddings and shrink with them
      let c = try loss(z1.scaled(by: 4), z2)
      #expect(abs(a.loss - c.loss) < 1e-6)
      #expect(relativeError(c.dZ1.doubles.map { $0 * 4 }, a.dZ1.doubles) < 1e-4)
      for i in 0..<21 {
        let inner = zip(rows(a.dZ1)[i], rows(z1)[i]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(inner) < 1e-6)
      }
    }
    #expect(try NTXent(focalGamma: 0)(z1, z2).dZ1 == NTXent()(z1, z2).dZ1)
  }

  /// Beyond 4096 anchors similarities are computed twice instead of kept.
  @Test func manySamples() throws {
    // half of the samples on each of two axes: all sums are known
    let n = 2100
    let z = Tensor((0..<n).flatMap { $0 % 2 == 0 ? [2, 0, 0] : [0, 0, 3] as [Float] }, shape: [n, 3])
    let axes = try NTXent(temperature: 0.5)(z, z)
    let own = Double(n - 1) * exp(2.0)
    #expect(abs(axes.loss - log((own + Double(n)) / exp(2.0))) < 1e-5)
    // the slope along a direction, from the loss itself
    let (z1, z2) = views(n, 3)
    let (d1, d2) = (Tensor.sample([n, 3], seed: 8), Tensor.sample([n, 3], seed: 9))
    let result = try NTXent(temperature: 0.5)(z1, z2)
    func loss(_ h: Float) throws -> Double {
      var (a, b) = (z1, z2)
      try a.accumulate(d1, factor: h)
      try b.accumulate(d2, factor: h)
      return try NTXent(temperature: 0.5)(a, b).loss
    }
    let slope = (try loss(1e-3) - loss(-1e-3)) / 2e-3
    let expected = innerProduct(result.dZ1, d1) + innerProduct(result.dZ2, d2)
    #expect(abs(slope - expected) < 2e-3 * abs(expected) + 1e-4)
  }

  @Test func tinyTemperaturesStayFinite() throws {
    let (z1, z2) = views(20, 6)
    for temperature in [1e-4, 1e-3, 1e-2] as [Float] {
      for gamma in [nil, 2] as [Float?] {
        let result = try NTXent(temperature: temperature, focalGamma: gamma)(z1, z2)
        #expect(result.loss.isFinite && result.dZ1.isFinite && result.dZ2.isFinite)
      }
    }
  }

  @Test func notANumberShowsInTheLoss() throws {
    var (z1, z2) = views(20, 6)
    z1[flat: 7] = .nan
    for gamma in [nil, 2] as [Float?] { #expect(try NTXent(focalGamma: gamma)(z1, z2).loss.isNaN) }
    // a zero embedding is no error
    z1 = views(20, 6).0
    for i in 6..<12 { z1[flat: i] = 0 }
    z2[flat: 0] = 0
    let result = try NTXent()(z1, z2)
    #expect(result.loss.isFinite && result.dZ1.values[6..<12].allSatisfy { $0 == 0 })
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    let (z1, z2) = views(333, 19)
    let runs = try Machine.everyVariant {
      let result = try NTXent(focalGamma: 2)(z1, z2)
      return [result.dZ1.bits, result.dZ2.bits, result.perSample.bits, [Float(result.loss).bitPattern]]
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test(arguments: sizes) func writesAllOfItsOutputAndNothingElse(_ n: Int, _ d: Int) {
    let (z1, z2) = views(n, d)
    let (a, b, perSample) = (Guarded<UInt32>(count: n * d), Guarded<UInt32>(count: n * d), Guarded<UInt32>(count: n))
    let workspace = Guarded<UInt64>(count: (ck_nt_xent_workspace(n, d, 3) + 7) / 8)
    let (first, second) = (Guarded(z1), Guarded(z2))
    var loss = 0.0
    let status = withExtendedLifetime((first, second)) {
      ck_nt_xent(
        &loss, perSample.floats, a.floats, b.floats, first.floats, second.floats, nil, n, d, 0.2, 2, 3, workspace.base)
    }
    #expect(status == CK_OK && workspace.marginsAreIntact)
    for block in [a, b, perSample] { #expect(block.marginsAreIntact && block.unwritten == 0) }
  }

  @Test func refusesBadInput() throws {
    for temperature in [0, -1, 1e-5, .nan, .infinity] as [Float] {
      #expect(throws: KernelError.self) { try NTXent(temperature: temperature) }
    }
    #expect(throws: KernelError("nt-xent", .badValue, "focal gamma -1.0, expected 0 or more")) {
      try NTXent(focalGamma: -1)
    }
    #expect(throws: KernelError("nt-xent", .badShape, "the second view is 3×4, expected 4×3")) {
      try NTXent()(Tensor(zeros: [4, 3]), Tensor(zeros: [3, 4]))
    }
    #expect(throws: KernelError.self) { try NTXent()(Tensor(zeros: [0, 3]), Tensor(zeros: [0, 3])) }
    #expect(throws: KernelError.self) { try NTXent()(Tensor(zeros: [3]), Tensor(zeros: [3])) }
  }
}
