import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct AscentTests {
  static let counts = [0, 1, 7, 15, 16, 17, 31, 16384, 16385, 40001]

  @Test(arguments: counts) func isItsFormula(_ count: Int) throws {
    for isAdaptive in [false, true] {
      let ascent = try Ascent(radius: 0.3, isAdaptive: isAdaptive)
      var p = Tensor.sample([count], seed: 1)
      let g = Tensor.sample([count], seed: 2)
      let before = p.doubles
      let square = try ascent.squaredLength(p, gradient: g)
      let expected = zip(before, g.doubles).reduce(0) { $0 + pow(isAdaptive ? $1.0 * $1.1 : $1.1, 2) }
      #expect(abs(square - expected) <= 1e-5 * expected)
      try ascent.move(&p, gradient: g, squaredLength: square)
      let moved = zip(before, g.doubles).map { $0 + 0.3 * (isAdaptive ? $0 * $0 : 1) * $1 / (expected.squareRoot() + 1e-12) }
      #expect(relativeError(p.doubles, moved) < 1e-6)
    }
  }

  /// By hand: with T = (2, 2, 3), T g = (2, −2, 0) has the length √8, and T² g = (4, −4, 0).
  @Test func aSmallCase() throws {
    let g = Tensor([1, -1, 0], shape: [3])
    var p = Tensor([2, -2, 3], shape: [3])
    let adaptive = try Ascent(radius: 1)
    #expect(try adaptive.squaredLength(p, gradient: g) == 8)
    try adaptive.move(&p, gradient: g, squaredLength: 8)
    let step = 4 / Float(8).squareRoot()
    #expect(zip(p.values, [2 + step, -2 - step, 3]).allSatisfy { abs($0 - $1) < 1e-6 })
    var q = Tensor([2, -2, 3], shape: [3])
    let plain = try Ascent(radius: 1, isAdaptive: false)
    #expect(try plain.squaredLength(q, gradient: g) == 2)
    try plain.move(&q, gradient: g, squaredLength: 2)
    let root = 1 / Float(2).squareRoot()
    #expect(zip(q.values, [2 + root, -2 - root, 3]).allSatisfy { abs($0 - $1) < 1e-6 })
    // without a slope nothing moves
    let before = q
    try plain.move(&q, gradient: Tensor(zeros: [3]), squaredLength: 0)
    #expect(q == before)
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    let g = Tensor.sample([40013], seed: 2)
    let runs = try Machine.everyVariant {
      try [false, true].flatMap { isAdaptive -> [UInt32] in
        let ascent = try Ascent(radius: 0.3, isAdaptive: isAdaptive)
        var p = Tensor.sample([40013], seed: 1)
        let square = try ascent.squaredLength(p, gradient: g)
        try ascent.move(&p, gradient: g, squaredLength: square)
        return p.bits + [Float(square).bitPattern]
      }
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test(arguments: counts) func writesNothingElse(_ count: Int) {
    let (p, g) = (Guarded(Tensor.sample([count], seed: 1)), Guarded(Tensor.sample([count], seed: 2)))
    let partials = Guarded<UInt64>(count: (count + 16383) / 16384)
    partials.base.withMemoryRebound(to: Double.self, capacity: count / 16384 + 1) {
      _ = ck_ascent_square(p.floats, g.floats, count, 1, $0)
    }
    ck_ascent(p.floats, g.floats, count, 1, 0.1)
    #expect(p.marginsAreIntact && g.marginsAreIntact && partials.marginsAreIntact && partials.unwritten == 0)
  }

  @Test func refusesWhatMakesNoSense() throws {
    for radius in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: KernelError.self) { try Ascent(radius: radius) }
    }
    var p = Tensor(zeros: [3])
    #expect(throws: KernelError("ascent", .badShape, "gradient is 2, expected 3")) {
      try Ascent(radius: 1).move(&p, gradient: Tensor(zeros: [2]), squaredLength: 1)
    }
  }
}
