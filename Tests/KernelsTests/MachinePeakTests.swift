import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct MachinePeakTests {
  /// With factor and summand 1 every x counts the rounds, so no work is left out.
  @Test(arguments: [0, 1, 2, 3, 1000]) func everyChainDoesEveryRound(_ rounds: Int) {
    let runs = Machine.everyVariant {
      let sums = Guarded<UInt32>(count: 5)
      ck_peak_multiply_add(sums.floats, 5, rounds, 1, 1)
      let chains = Int(CK_PEAK_CHAINS)
      let lanes = ck_peak_width() / chains
      // chain i starts at i
      let expected = Float(lanes * (chains * rounds + chains * (chains - 1) / 2))
      #expect((0..<5).allSatisfy { sums.floats[$0] == expected } && sums.marginsAreIntact)
      return lanes
    }
    for (name, lanes) in runs { #expect(lanes == (name.hasPrefix("avx512") ? 16 : name.hasPrefix("avx2") ? 8 : 4)) }
  }

  /// x = x / 2 + 1 goes to 2.
  @Test func theFormulaIsAMultiplyAdd() {
    for (_, sums) in Machine.everyVariant({
      var sums = [Float](repeating: .nan, count: 2)
      ck_peak_multiply_add(&sums, 2, 100, 0.5, 1)
      return sums.map { $0 / Float(ck_peak_width()) }
    }) { #expect(sums == [2, 2]) }
  }

  static let counts = [0, 1, 3, 4, 15, 16, 17, 63, 64, 65, 127, 65535, 65536, 65537, 200_003]

  @Test(arguments: counts) func everyValueIsRead(_ count: Int) {
    // Small whole numbers: every order of adding gives the same sum.
    let x = Guarded(Tensor((0..<count).map { Float($0 % 7 - 3) }, shape: [count]))
    let block = Int(CK_PEAK_BLOCK)
    let expected = stride(from: 0, to: count, by: block).map { first in
      (first..<min(count, first + block)).reduce(Float(0)) { $0 + Float($1 % 7 - 3) }
    }
    let runs = Machine.everyVariant {
      let sums = Guarded<UInt32>(count: expected.count)
      ck_peak_read(sums.floats, x.floats, count)
      #expect(sums.marginsAreIntact)
      return (0..<expected.count).map { sums.floats[$0] }
    }
    for (name, sums) in runs { #expect(sums == expected, "\(name)") }
  }

  @Test(arguments: counts) func theTriadIsTheFormula(_ count: Int) {
    let a = Guarded(Tensor((0..<count).map { Float($0 % 11) }, shape: [count]))
    let b = Guarded(Tensor((0..<count).map { Float($0 % 5) }, shape: [count]))
    let runs = Machine.everyVariant {
      let y = Guarded<UInt32>(count: count)
      ck_peak_triad(y.floats, a.floats, b.floats, 0.5, count)
      #expect(y.unwritten == 0 && y.marginsAreIntact)
      return (0..<count).allSatisfy { y.floats[$0] == Float($0 % 11) + 0.5 * Float($0 % 5) }
    }
    for (name, isRight) in runs { #expect(isRight, "\(name)") }
  }

  @Test func measuresTheMachine() {
    let peak = MachinePeak.measure()
    #expect(peak.threads >= 1 && peak.operationsPerSecond > 1e8)
    #expect(peak.bytesReadPerSecond > 1e7 && peak.triadBytesPerSecond > 1e7)
  }
}

@Suite struct ConvolutionCostTests {
  @Test(arguments: [
    (Convolution.Algorithm.winograd4, 36.0 / 144), (.winograd2, 16.0 / 36), (.direct, 1), (.im2col, 1),
  ])
  func wholeTilesTakeTheirShareOfTheProducts(algorithm: Convolution.Algorithm, share: Double) throws {
    let plan = try Convolution(
      input: [2, 8, 12, 3], outputChannels: 5, kernel: (3, 3), padding: 1, algorithm: algorithm)
    for direction in Convolution.Direction.allCases {
      #expect(Double(plan.productOperations(direction)) == share * Double(plan.operations))
    }
  }

  @Test func strideTwoTakes81ProductsFor144() throws {
    let plan = try Convolution(
      input: [2, 16, 24, 3], outputChannels: 5, kernel: (3, 3), stride: 2, padding: 1, algorithm: .winograd4)
    for direction in Convolution.Direction.allCases {
      #expect(Double(plan.productOperations(direction)) == 81.0 / 144 * Double(plan.operations))
    }
  }

  /// Without padding the output is 5×6, the input 7×8: other tiles of 4×4 backwards.
  @Test func tilesAreCountedWhereTheyLie() throws {
    let plan = try Convolution(input: [3, 7, 8, 2], outputChannels: 5, kernel: (3, 3), algorithm: .winograd4)
    #expect(plan.productOperations(.forward) == 2 * 3 * (2 * 2) * 36 * 2 * 5)
    #expect(plan.productOperations(.backwardWeight) == 2 * 3 * (2 * 2) * 36 * 2 * 5)
    #expect(plan.productOperations(.backwardData) == 2 * 3 * (2 * 2) * 36 * 2 * 5)
    let wide = try Convolution(input: [1, 6, 10, 2], outputChannels: 5, kernel: (3, 3), algorithm: .winograd4)
    #expect(wide.productOperations(.forward) == 2 * (1 * 2) * 36 * 2 * 5)
    #expect(wide.productOperations(.backwardData) == 2 * (2 * 3) * 36 * 2 * 5)
  }

  @Test func geometryIsShort() throws {
    #expect(
      try Convolution(input: [64, 32, 32, 64], outputChannels: 128, kernel: (3, 1), stride: 2, padding: 1).geometry
        == "64×32×32×64→128 3×1/2")
    #expect(
      try Convolution(input: [1, 5, 5, 3], outputChannels: 2, kernel: (1, 1), stride: (1, 2), padding: (0, 0)).geometry
        == "1×5×5×3→2 1×1/1×2")
  }
}
