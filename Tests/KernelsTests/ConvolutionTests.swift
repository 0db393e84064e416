import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct ConvolutionTests {
  struct Geometry: CustomTestStringConvertible, Sendable {
    let input: Shape
    let outputChannels: Int
    let kernel: (Int, Int)
    var stride = (1, 1)
    var padding = (0, 0)

    func plan(_ algorithm: Convolution.Algorithm? = nil) throws -> Convolution {
      try Convolution(
        input: input, outputChannels: outputChannels, kernel: kernel, stride: stride, padding: padding,
        algorithm: algorithm)
    }

    /// The general algorithm, and every other that can do this geometry.
    func plans() throws -> [Convolution] {
      try [plan(.im2col)] + Convolution.Algorithm.allCases.filter { $0 != .im2col }.compactMap { try? plan($0) }
    }
    var testDescription: String {
      "\(input) to \(outputChannels), kernel \(kernel), stride \(stride), padding \(padding)"
    }
  }

  /// Few values each, so that the oracle stays quick in debug.
  static let awkward: [Geometry] = [
    Geometry(input: [1, 1, 1, 1], outputChannels: 1, kernel: (1, 1)),
    Geometry(input: [2, 5, 4, 3], outputChannels: 4, kernel: (1, 1)),
    Geometry(input: [2, 5, 4, 3], outputChannels: 4, kernel: (1, 1), stride: (2, 2)),
    Geometry(input: [2, 6, 7, 5], outputChannels: 3, kernel: (1, 1), stride: (3, 2), padding: (1, 2)),
    Geometry(input: [1, 7, 9, 3], outputChannels: 5, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [3, 8, 8, 4], outputChannels: 6, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    Geometry(input: [2, 7, 6, 3], outputChannels: 2, kernel: (3, 3), stride: (2, 2)),
    Geometry(input: [1, 3, 3, 17], outputChannels: 9, kernel: (3, 3)),
    Geometry(input: [2, 11, 6, 2], outputChannels: 3, kernel: (5, 2), stride: (1, 3), padding: (2, 1)),
    Geometry(input: [1, 12, 12, 3], outputChannels: 4, kernel: (7, 7), stride: (2, 2), padding: (3, 3)),
    Geometry(input: [1, 9, 8, 2], outputChannels: 3, kernel: (2, 2), stride: (3, 4)),
    // stride beyond the input, and beyond the kernel
    Geometry(input: [2, 4, 5, 3], outputChannels: 2, kernel: (2, 3), stride: (9, 7), padding: (1, 1)),
    Geometry(input: [1, 1, 8, 3], outputChannels: 2, kernel: (1, 3), stride: (2, 2), padding: (0, 1)),
    // padding so large that some windows lie outside the image
    Geometry(input: [1, 4, 4, 2], outputChannels: 3, kernel: (3, 3), padding: (5, 4)),
    Geometry(input: [1, 2, 2, 3], outputChannels: 3, kernel: (3, 3), stride: (2, 2), padding: (4, 3)),
    // more than one block of pixels
    Geometry(input: [2, 23, 29, 2], outputChannels: 2, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [3, 31, 20, 1], outputChannels: 2, kernel: (3, 2), stride: (2, 1), padding: (1, 0)),
    Geometry(input: [5, 13, 11, 3], outputChannels: 4, kernel: (1, 1)),
    // channels around whole vectors and panels, tiles that stick out, padding 0 and 2
    Geometry(input: [2, 9, 6, 33], outputChannels: 18, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [3, 9, 10, 1], outputChannels: 64, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [3, 9, 10, 3], outputChannels: 32, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [3, 9, 7, 3], outputChannels: 70, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [2, 9, 6, 2], outputChannels: 17, kernel: (3, 3), padding: (2, 0)),
    Geometry(input: [1, 3, 68, 4], outputChannels: 16, kernel: (3, 3), padding: (0, 2)),
    Geometry(input: [2, 9, 7, 16], outputChannels: 16, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [2, 9, 7, 16], outputChannels: 13, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [1, 6, 5, 16], outputChannels: 36, kernel: (3, 3), padding: (2, 0)),
    Geometry(input: [1, 7, 6, 34], outputChannels: 17, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    // stride 2 by Winograd: one pixel, tiles that stick out both ways
    Geometry(input: [1, 1, 1, 3], outputChannels: 2, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    Geometry(input: [2, 10, 17, 5], outputChannels: 19, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    // pixels 4 KiB apart, and cells of filters and channels
    Geometry(input: [1, 3, 2, 1024], outputChannels: 35, kernel: (1, 1)),
    Geometry(input: [1, 5, 4, 512], outputChannels: 3, kernel: (1, 1), stride: (2, 2)),
    Geometry(input: [1, 2, 3, 1024], outputChannels: 5, kernel: (1, 2)),
    Geometry(input: [1, 2, 3, 270], outputChannels: 300, kernel: (1, 1)),
    Geometry(input: [1, 4, 4, 70], outputChannels: 67, kernel: (3, 3), padding: (1, 1)),
    // more output channels than tiles, and a long sum
    Geometry(input: [1, 4, 4, 35], outputChannels: 66, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [1, 2, 3, 700], outputChannels: 5, kernel: (1, 1)),
  ]

  /// Larger ones, for laws that need no oracle.
  static let large: [Geometry] = [
    Geometry(input: [8, 32, 32, 3], outputChannels: 16, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [4, 32, 32, 16], outputChannels: 32, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    Geometry(input: [4, 32, 32, 32], outputChannels: 64, kernel: (1, 1)),
    Geometry(input: [4, 16, 16, 64], outputChannels: 128, kernel: (1, 1), stride: (2, 2)),
    Geometry(input: [32, 4, 4, 256], outputChannels: 192, kernel: (3, 3), padding: (1, 1)),
    Geometry(input: [2, 56, 56, 3], outputChannels: 24, kernel: (7, 7), stride: (2, 2), padding: (3, 3)),
    Geometry(input: [2, 19, 601, 4], outputChannels: 8, kernel: (3, 3), padding: (1, 1)),
    // several blocks of strided tiles by tiles, and by panels
    Geometry(input: [6, 32, 32, 32], outputChannels: 40, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    Geometry(input: [8, 8, 8, 96], outputChannels: 130, kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    // large enough to be asked for ahead
    Geometry(input: [5, 56, 56, 64], outputChannels: 72, kernel: (1, 1)),
  ]

  /// The largest relative error against float64.
  static func errorBound(_ algorithm: Convolution.Algorithm) -> Double {
    switch algorithm {
    case .im2col, .direct, .winograd2: 5e-7
    case .winograd4: 3e-6
    }
  }

  @Test(arguments: awkward) func agreesWithTheDefinition(_ geometry: Geometry) throws {
    let plans = try geometry.plans()
    let oracle = ConvolutionOracle(plan: plans[0])
    let x = Tensor.sample(plans[0].inputShape, seed: 1)
    let w = Tensor.sample(plans[0].weightShape, seed: 2)
    let dy = Tensor.sample(plans[0].outputShape, seed: 3)
    let (y, dx, dw) = (oracle.forward(x, w), oracle.backwardData(dy, w), oracle.backwardWeight(dy, x))
    for plan in plans.flatMap({ plan in Machine.instructionSets.map { plan.with($0) } }) {
      let bound = Self.errorBound(plan.algorithm)
      #expect(relativeError(try plan.forward(x, w).doubles, y) < bound)
      #expect(relativeError(try plan.backwardData(dy, w).doubles, dx) < bound)
      #expect(relativeError(try plan.backwardWeight(dy, x).doubles, dw) < bound)
    }
  }

  @Test(arguments: awkward) func addsToAGradientInPlace(_ geometry: Geometry) throws {
    let plans = try geometry.plans()
    let w = Tensor.sample(plans[0].weightShape, seed: 2)
    let dy = Tensor.sample(plans[0].outputShape, seed: 3)
    let before = Tensor.sample(plans[0].inputShape, seed: 4)
    let expected = zip(ConvolutionOracle(plan: plans[0]).backwardData(dy, w), before.doubles).map { $0 + $1 }
    for plan in plans.flatMap({ plan in Machine.instructionSets.map { plan.with($0) } }) {
      var sum = before
      try plan.addBackwardData(dy, w, to: &sum)
      #expect(relativeError(sum.doubles, expected) < Self.errorBound(plan.algorithm))
      #expect(before == Tensor.sample(plans[0].inputShape, seed: 4), "another holder of the memory keeps its values")
    }
  }

  /// ⟨x ∗ w, dy⟩ = ⟨x, ∂x⟩ = ⟨w, ∂w⟩: both gradients are adjoints of the forward.
  @Test(arguments: awkward + large) func gradientsAreAdjoint(_ geometry: Geometry) throws {
    for plan in try geometry.plans() {
      let x = Tensor.sample(plan.inputShape, seed: 4)
      let w = Tensor.sample(plan.weightShape, seed: 5)
      let y = try plan.forward(x, w)
      let dy = Tensor.sample(plan.outputShape, seed: 6)
      let scale = (innerProduct(y, y) * innerProduct(dy, dy)).squareRoot() + 1e-30
      let bound = 2 * Self.errorBound(plan.algorithm) * scale
      let forward = innerProduct(y, dy)
      #expect(abs(forward - innerProduct(x, try plan.backwardData(dy, w))) < bound)
      #expect(abs(forward - innerProduct(w, try plan.backwardWeight(dy, x))) < bound)
    }
  }

  @Test(arguments: [large[0], large[1], large[3], large[4], large[6], large[7], large[8], awkward[11]])
  func sameBitsForAnyNumberOfThreads(_ geometry: Geometry) throws {
    let plan = try geometry.plan()
    let x = Tensor.sample(plan.inputShape, seed: 7)
    let w = Tensor.sample(plan.weightShape, seed: 8)
    let dy = Tensor.sample(plan.outputShape, seed: 9)
    let runs = try Machine.everyVariant {
      // planned anew: the plan counts threads for its workspace, which must not change a bit
      let hasFMA = InstructionSet.current > .portable
      let bits = try geometry.plans().map { $0.with(.current) }.map { plan in
        [try plan.forward(x, w).bits, try plan.backwardData(dy, w).bits, try plan.backwardWeight(dy, x).bits]
      }
      return (hasFMA, bits)
    }
    for run in runs {
      // im2col uses the instruction set for nothing; the others round differently without fused multiply-add
      #expect(run.result.1[0] == runs[0].result.1[0], "\(run.name)")
      let same = try #require(runs.first { $0.result.0 == run.result.0 })
      #expect(run.result.1 == same.result.1, "\(run.name)")
    }
  }

  /// A plan of one thread runs on three, its one share of the workspace handed from part to part.
  @Test func planOfFewerThreadsRunsOnMore() throws {
    let geometry = Self.large[1]
    let expected = try geometry.plan()
    let x = Tensor.sample(expected.inputShape, seed: 10)
    let w = Tensor.sample(expected.weightShape, seed: 11)
    let y = try expected.forward(x, w)
    _ = try Machine.everyVariant {
      let (before, single) = (Threads.count, 1)
      Threads.count = single
      let plan = try geometry.plan()
      Threads.count = before
      #expect(try plan.forward(x, w).bits == y.bits)
    }
  }

  /// Outputs start as NaN, memory around them is watched, nothing is aligned.
  @Test(arguments: awkward, [CK_CONV_IM2COL, CK_CONV_DIRECT, CK_CONV_WINOGRAD2, CK_CONV_WINOGRAD4].map(\.rawValue))
  func writesAllOfItsOutputAndNothingElse(_ geometry: Geometry, _ algorithm: UInt32) throws {
    for set in Machine.instructionSets { try writesAll(geometry, ck_conv_algorithm(algorithm), set) }
  }

  private func writesAll(_ geometry: Geometry, _ algorithm: ck_conv_algorithm, _ set: InstructionSet) throws {
    let shapes = try geometry.plan()
    var plan = ck_conv()
    let g = geometry
    let status = ck_conv_plan(
      &plan, g.input[0], g.input[1], g.input[2], g.input[3], g.outputChannels, g.kernel.0, g.kernel.1,
      g.stride.0, g.stride.1, g.padding.0, g.padding.1, algorithm)
    guard status == CK_OK else {
      #expect(status == CK_BAD_VALUE && algorithm != CK_CONV_IM2COL)
      return
    }
    plan.isa = Int32(set.rawValue)
    func workspace(_ pass: ck_conv_pass) -> Guarded<UInt32> {
      Guarded(count: ck_conv_workspace(&plan, pass) / 4)
    }
    let (x, w, dy) = (
      Guarded(Tensor.sample(shapes.inputShape, seed: 1)), Guarded(Tensor.sample(shapes.weightShape, seed: 2)),
      Guarded(Tensor.sample(shapes.outputShape, seed: 3))
    )
    let (y, dx, dw) = (
      Guarded<UInt32>(count: shapes.outputShape.count), Guarded<UInt32>(count: shapes.inputShape.count),
      Guarded<UInt32>(count: shapes.weightShape.count)
    )
    let spaces = [CK_CONV_FORWARD, CK_CONV_BACKWARD_DATA, CK_CONV_BACKWARD_WEIGHT].map(workspace)
    ck_conv_forward(y.floats, x.floats, w.floats, &plan, spaces[0].floats)
    ck_conv_backward_data(dx.floats, dy.floats, w.floats, &plan, spaces[1].floats)
    ck_conv_backward_weight(dw.floats, dy.floats, x.floats, &plan, spaces[2].floats)
    for output in [y, dx, dw] {
      #expect(output.unwritten == 0)
      #expect(output.marginsAreIntact)
    }
    ck_conv_backward_data_add(dx.floats, dy.floats, w.floats, &plan, spaces[1].floats)
    #expect(dx.marginsAreIntact)
    for space in spaces { #expect(space.marginsAreIntact) }
  }

  /// Winograd where it pays, never for exact precision, and what is forced is taken or refused.
  @Test func choosesTheAlgorithm() throws {
    func algorithm(
      _ input: Shape, _ outputs: Int, _ kernel: Int, stride: Int = 1, precision: Convolution.Precision = .fast
    ) throws -> Convolution.Algorithm {
      try Convolution(
        input: input, outputChannels: outputs, kernel: (kernel, kernel), stride: stride, padding: kernel / 2,
        precision: precision
      ).algorithm
    }
    #expect(try algorithm([64, 32, 32, 64], 64, 3) == .winograd4)
    #expect(try algorithm([64, 4, 4, 512], 512, 3) == .winograd4)
    #expect(try algorithm([64, 2, 2, 512], 512, 3) == .winograd2)
    #expect(try algorithm([64, 1, 1, 512], 512, 3) == .direct)
    #expect(try algorithm([64, 32, 32, 3], 64, 3) == .winograd4)
    #expect(try algorithm([64, 28, 28, 1], 64, 3) == .direct)
    #expect(try algorithm([64, 32, 32, 64], 128, 3, stride: 2) == .winograd4)
    #expect(try algorithm([64, 32, 32, 3], 16, 3, stride: 2) == .direct)
    #expect(try algorithm([64, 32, 32, 64], 128, 3, stride: 2, precision: .exact) == .direct)
    #expect(try algorithm([64, 32, 32, 64], 128, 1) == .direct)
    #expect(try algorithm([2, 32, 32, 3], 8, 11) == .im2col)
    #expect(try algorithm([64, 32, 32, 64], 64, 3, precision: .exact) == .direct)
    let error = #expect(throws: KernelError.self) {
      try Convolution(
        input: [1, 8, 8, 2], outputChannels: 2, kernel: (3, 3), stride: 2, padding: 0, algorithm: .winograd4)
    }
    #expect(
      error?.description == "conv2d: winograd4 cannot do kernel 3×3, stride 2×2, padding 0×0; "
        + "use it for 3×3 kernels with stride 1 and padding up to 2, or with stride 2 and padding 1")
  }

  @Test func linearInBothArguments() throws {
    let plan = try Self.awkward[5].plan()
    let x = Tensor.sample(plan.inputShape, seed: 1)
    let w = Tensor.sample(plan.weightShape, seed: 2)
    let y = try plan.forward(x, w)
    #expect(try plan.forward(x.scaled(by: 4), w) == y.scaled(by: 4))
    #expect(try plan.forward(x, w.scaled(by: 0.5)) == y.scaled(by: 0.5))
    #expect(try plan.forward(Tensor(zeros: plan.inputShape), w) == Tensor(zeros: plan.outputShape))
  }

  /// A NaN in one image stays in that image.
  @Test func imagesDoNotMix() throws {
    let plan = try Convolution(input: [3, 6, 6, 4], outputChannels: 5, kernel: (3, 3), padding: 1)
    var x = Tensor.sample(plan.inputShape, seed: 1)
    let w = Tensor.sample(plan.weightShape, seed: 2)
    let clean = try plan.forward(x, w).values
    for i in 0..<(6 * 6 * 4) { x[flat: 6 * 6 * 4 + i] = .nan }
    let got = try plan.forward(x, w).values
    let image = 6 * 6 * 5
    #expect(got[image..<(2 * image)].allSatisfy { $0.isNaN })
    #expect(got[..<image] == clean[..<image] && got[(2 * image)...] == clean[(2 * image)...])
  }

  // MARK: bad input

  static let refused: [(message: String, geometry: Geometry)] = [
    ("kernel 7×7 exceeds the padded input 5×5", Geometry(input: [1, 5, 5, 1], outputChannels: 1, kernel: (7, 7))),
    (
      "kernel 3×5 exceeds the padded input 6×4",
      Geometry(input: [1, 4, 2, 1], outputChannels: 1, kernel: (3, 5), padding: (1, 1))
    ),
    (
      "stride 0×1, expected at least 1×1",
      Geometry(input: [1, 5, 5, 1], outputChannels: 1, kernel: (3, 3), stride: (0, 1))
    ),
    (
      "padding 0×-1, expected at least 0×0",
      Geometry(input: [1, 5, 5, 1], outputChannels: 1, kernel: (3, 3), padding: (0, -1))
    ),
    ("kernel 0×3, expected at least 1×1", Geometry(input: [1, 5, 5, 1], outputChannels: 1, kernel: (0, 3))),
    ("0 output channels, expected at least 1", Geometry(input: [1, 5, 5, 1], outputChannels: 0, kernel: (3, 3))),
    ("the input is 5×5×1, expected N×H×W×C", Geometry(input: [5, 5, 1], outputChannels: 1, kernel: (3, 3))),
    ("the input 0×5×5×1 is empty", Geometry(input: [0, 5, 5, 1], outputChannels: 1, kernel: (3, 3))),
    (
      "a kernel, stride or padding of 9223372036854775807, expected at most 2147483647",
      Geometry(input: [1, 5, 5, 1], outputChannels: 1, kernel: (3, 3), stride: (.max, 1))
    ),
    (
      "input 1×5×5×1, kernel 3×3, 4611686018427387903 output channels: too large",
      Geometry(input: [1, 5, 5, 1], outputChannels: .max / 2, kernel: (3, 3))
    ),
  ]

  @Test(arguments: refused.indices) func refusesBadGeometry(_ index: Int) {
    let error = #expect(throws: KernelError.self) { try Self.refused[index].geometry.plan() }
    #expect(error?.description == "conv2d: " + Self.refused[index].message)
    #expect(error?.reason == .badShape)
  }

  @Test func refusesTensorsOfAnotherShape() throws {
    let plan = try Convolution(input: [1, 5, 5, 2], outputChannels: 3, kernel: (3, 3))
    let (x, w, dy) = (Tensor(zeros: [1, 5, 5, 2]), Tensor(zeros: [3, 3, 3, 2]), Tensor(zeros: [1, 3, 3, 3]))
    func message(_ body: () throws -> Tensor) -> String? {
      #expect(throws: KernelError.self) { try body() }?.description
    }
    #expect(message { try plan.forward(dy, w) } == "conv2d: input is 1×3×3×3, expected 1×5×5×2")
    #expect(message { try plan.forward(x, x) } == "conv2d: weight is 1×5×5×2, expected 3×3×3×2")
    #expect(
      message { try plan.backwardData(x, w) } == "conv2d backward: output gradient is 1×5×5×2, expected 1×3×3×3")
    #expect(message { try plan.backwardWeight(dy, w) } == "conv2d backward: input is 3×3×3×2, expected 1×5×5×2")
  }

  @Test func countsOperations() throws {
    let plan = try Convolution(input: [64, 32, 32, 64], outputChannels: 64, kernel: (3, 3), padding: 1)
    #expect(plan.operations == 2 * 64 * 32 * 32 * 64 * 64 * 9)
  }
}
