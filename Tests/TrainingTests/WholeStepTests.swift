import Kernels
import NeuralNet
import Objectives
import TestSupport
import Testing
import Training

/// Every method, each with and without GH: the gradient of a whole step's loss, and of rwSAM both passes'.
@Suite(.serialized) struct WholeStepTests {
  enum Kind: CaseIterable {
    case simclr, focal, sdclr, bcl, rwsam, rwsamOnPruned

    var isPruned: Bool { self == .sdclr || self == .rwsamOnPruned }
    var isSharp: Bool { self == .rwsam || self == .rwsamOnPruned }

    func method(gh: Bool, rule: any GradientRule = PlainGradient()) throws -> PairMethod {
      let loss: ContrastiveLoss = self == .focal ? .focal(temperature: 0.3) : .ntXent(temperature: 0.3)
      var terms: [any LossTerm] = [try ContrastiveTerm(loss)]
      if gh {
        let structure = try GeometricStructure(classes: 4, dimension: 3, seed: 1)
        terms.append(
          try HarmonizationTerm(
            // Surrogate labels carry no gradient: with one vertex's share after another's they would move in differences.
            GeometricHarmonization(structure: structure, settings: .init(sinkhorn: .init(lambda: 50))), samples: 9,
            settings: .init(startEpoch: 0, weight: .constant(0.7), scoreMomentum: .constant(0.5))))
      }
      return PairMethod(
        terms, pruning: isPruned ? try Pruning(.init(fraction: .constant(0.5))) : nil,
        memorization: self == .bcl ? try Memorization(samples: 9) : nil,
        reweighting: isSharp ? try DensityWeight(exponent: 2) : nil, gradientRule: rule)
    }

    func model() throws -> ContrastiveModel {
      var architecture = tiny
      architecture.hasPrunedBranch = isPruned
      let model = try ContrastiveModel(architecture, seed: 5)
      // Away from the first values, where shifts are 0 and many gradients small.
      for (index, parameter) in model.parameters.enumerated() where parameter.value.shape.rank == 1 {
        try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
      }
      return model
    }
  }

  private let batch = TrainingBatch(
    indices: [3, 8, 0, 5], views: [noise([4, 6, 6, 3], seed: 1), noise([4, 6, 6, 3], seed: 2)])
  private let middle = Moment(batch: 1, batchesPerEpoch: 2)

  /// What has no gradient by design (surrogate labels, the weights of a re-weighted loss) is all but constant here, or
  /// held.
  @Test(arguments: Kind.allCases, [false, true]) func finiteDifferences(_ kind: Kind, gh: Bool) throws {
    let (model, method) = (try kind.model(), try kind.method(gh: gh))
    // Masks are made here, and stay.
    _ = try method.accumulateGradients(model, batch, at: middle)
    for pass in kind.isSharp ? [GradientPass.only, .descent] : [.only] {
      model.clearGradients()
      _ = try method.accumulateGradients(model, batch, at: middle, pass: pass)
      let error = try slopeError(model.parameters) {
        try method.accumulateGradients(model, batch, at: middle, pass: pass).total
      }
      #expect(error < 0.03, "\(pass): \(error)")
    }
  }

  /// The ascent's loss with the weights of the start held: they carry no gradient.
  @Test(arguments: [false, true]) func finiteDifferencesOfTheReweightedLoss(onPruned: Bool) throws {
    let kind = onPruned ? Kind.rwsamOnPruned : .rwsam
    let (model, method) = (try kind.model(), try kind.method(gh: false))
    let report = try method.accumulateGradients(model, batch, at: middle, pass: .ascent)
    func embeddings() throws -> [Tensor] {
      [
        try model(Variable(batch.views[0]), .training(nil, moves: 0)).value,
        try model(Variable(batch.views[1]), .training(nil, branch: onPruned ? .pruned : .dense, moves: 0)).value,
      ]
    }
    let first = try embeddings()
    let weights = try DensityWeight(exponent: 2)(first[0], first[1])
    #expect(Set(weights.values).count > 1)
    func loss() throws -> Double {
      let z = try embeddings()
      return try ContrastiveLoss.ntXent(temperature: 0.3)(z[0], z[1], weights: weights).loss
    }
    #expect(try loss() == report.total)
    #expect(try slopeError(model.parameters, loss) < 0.03)
  }

  /// The step by hand: the re-weighted gradient, the ascent in double, the plain gradient up there; everything but the
  /// gradient as after one pass of the method at the weights that were.
  @Test(arguments: [Kind.rwsam, .rwsamOnPruned], [false, true]) func sharpnessAwareByHand(_ kind: Kind, isAdaptive: Bool) throws {
    let rho = isAdaptive ? 0.5 : 0.05
    let (model, method) = (try kind.model(), try kind.method(gh: true, rule: SharpnessAware(rho: rho, isAdaptive: isAdaptive)))
    let (other, byHand) = (try kind.model(), try kind.method(gh: true))
    let before = model.parameters.map(\.value)
    let report = try method.gradientRule.accumulateGradients(of: method, model, batch, at: middle)
    #expect(model.parameters.map(\.value) == before, "restored bit for bit")

    _ = try byHand.accumulateGradients(other, batch, at: middle, pass: .ascent)
    var square = 0.0
    for parameter in other.parameters {
      guard let gradient = parameter.gradient else { continue }
      for (p, g) in zip(parameter.value.values, gradient.values) {
        let length: Double = isAdaptive ? Double(p) * Double(g) : Double(g)
        square += length * length
      }
    }
    #expect(square > 0)
    for parameter in other.parameters {
      guard let gradient = parameter.gradient else { continue }
      let factor = rho / (square.squareRoot() + 1e-12)
      let moved = zip(parameter.value.values, gradient.values).map { (pair: (Float, Float)) -> Float in
        let (p, g) = (Double(pair.0), Double(pair.1))
        let scale: Double = isAdaptive ? p * p : 1
        return Float(p + factor * scale * g)
      }
      parameter.value = Tensor(moved, shape: parameter.value.shape)
    }
    other.clearGradients()
    let expected = try byHand.accumulateGradients(other, batch, at: middle, pass: .descent)
    #expect(abs(report.total - expected.total) < 1e-4)
    for (a, b) in zip(model.parameters, other.parameters) {
      let (a, b, name) = (a.gradient?.values ?? [], b.gradient?.values ?? [], a.name)
      let scale = b.map(abs).max() ?? 0
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 2e-3 * scale + 1e-4 }, "\(name)")
    }

    let (plain, single) = (try kind.model(), try kind.method(gh: true))
    _ = try single.accumulateGradients(plain, batch, at: middle)
    #expect(method.state == single.state, "scores move once, by the weights that were")
    for (a, b) in zip(model.buffers, plain.buffers) { #expect(a.value == b.value, "\(a.name)") }
  }

  @Test func theLossUpThereIsLarger() throws {
    let (model, method) = (try Kind.rwsam.model(), try Kind.rwsam.method(gh: false, rule: SharpnessAware(rho: 0.02, isAdaptive: false)))
    let plain = try Kind.rwsam.method(gh: false).accumulateGradients(Kind.rwsam.model(), batch, at: middle).total
    #expect(try method.gradientRule.accumulateGradients(of: method, model, batch, at: middle).total > plain)
  }

  @Test func aNumberThatIsNotFiniteLeavesTheWeights() throws {
    let (model, method) = (try Kind.rwsam.model(), try Kind.rwsam.method(gh: false, rule: SharpnessAware(rho: 1e30)))
    let before = model.parameters.map(\.value)
    let step = TrainingStep(method: method, optimizer: SGDOptimizer(.init()))
    #expect(throws: (any Error).self) { try step(model, batch, StepPlan(moment: middle, learningRate: 0.1)) }
    #expect(model.parameters.map(\.value) == before)
  }

  @Test(arguments: Kind.allCases, [false, true]) func sameBitsForAnyNumberOfThreads(_ kind: Kind, gh: Bool) throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let runs = try (1...3).map { (count: Int) -> [[UInt32]] in
      Threads.count = count
      let rule: any GradientRule = kind.isSharp ? try SharpnessAware(rho: 0.5) : PlainGradient()
      let (model, method) = (try kind.model(), try kind.method(gh: gh, rule: rule))
      let step = TrainingStep(method: method, optimizer: SGDOptimizer(.init()))
      _ = try step(model, batch, StepPlan(moment: middle, learningRate: 0.1))
      return model.parameters.map(\.value.bits) + method.state.sorted { $0.key < $1.key }.map(\.value.bits)
    }
    for run in runs { #expect(run == runs[0]) }
  }
}
