import Kernels
import NeuralNet
import Objectives
import TestSupport
import Testing
import Training

@Suite struct SimSiamTests {
  private let batch = TrainingBatch(
    indices: [3, 8, 0, 5], views: [noise([4, 6, 6, 3], seed: 1), noise([4, 6, 6, 3], seed: 2)])
  private let middle = Moment(batch: 1, batchesPerEpoch: 2)

  /// Rows (3, 4) and (0, 2) towards (4, 3) and (1, 0): cosines 24/25 and 0.
  @Test func negativeCosineByHand() throws {
    let loss = try NegativeCosine(Tensor([3, 4, 0, 2], shape: [2, 2]), Tensor([4, 3, 1, 0], shape: [2, 2]))
    #expect(abs(loss.perSample[0] + 0.96) < 1e-6 && loss.perSample[1] == 0)
    // −(z/‖z‖ − cos · p/‖p‖) / ‖p‖ / N: for the first ((0.8, 0.6) − 0.96 (0.6, 0.8)) / 5, for the second (1, 0) / 2
    let expected: [Float] = [-0.0224, 0.0168, -0.25, 0]
    for (got, wanted) in zip(loss.gradient.values, expected) { #expect(abs(got - wanted) < 1e-6) }
    let none = try NegativeCosine(Tensor([0, 0], shape: [1, 2]), Tensor([4, 3], shape: [1, 2]))
    #expect(none.perSample == [0] && none.gradient.values == [0, 0], "no direction, no gradient")
    #expect(throws: ObjectiveError.self) { try NegativeCosine(Tensor(zeros: [2, 2]), Tensor(zeros: [2, 3])) }
  }

  @Test(arguments: [1, 7, 16, 33]) func gradientOfTheNegativeCosine(width: Int) throws {
    let (p, target) = (noise([5, width], seed: 1), noise([5, width], seed: 2))
    let weights = Tensor([0.5, 2, 1, 0, 1.5], shape: [5])
    let gradient = try NegativeCosine(p, target, weights: weights).gradient
    for flat in 0..<p.count {
      func loss(_ step: Float) throws -> Double {
        var moved = p
        moved[flat: flat] += step
        let values = try NegativeCosine(moved, target, weights: weights).perSample
        return zip(values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 5
      }
      let slope = (try loss(1e-2) - loss(-1e-2)) / 0.02
      #expect(abs(slope - Double(gradient[flat: flat])) < 2e-3, "\(flat)")
    }
  }

  /// Each number of the embeddings and of the predictor by itself, with the targets held.
  @Test func gradientsOfEachNumber() throws {
    let pair = EmbeddingPair(first: noise([5, 3], seed: 3), second: noise([5, 3], seed: 4), indices: [0, 1, 2, 3, 4])
    let term = try SimSiamTerm(dimension: 3, hidden: 4, seed: 2)
    let predictor = try Predictor(name: "simsiam.predictor", inputs: 3, hidden: 4, outputs: 3, seed: 2)
    for (index, own) in predictor.parameters.enumerated() where own.value.shape.rank == 1 {
      try own.value.accumulate(noise(own.value.shape, seed: UInt64(index + 20)), factor: 0.3)
      term.parameters[index].value = own.value
    }
    let value = try #require(try term.evaluate(pair, at: middle))
    var z = [pair.first, pair.second]
    func loss() throws -> Double {
      try zip(z, [pair.second, pair.first]).reduce(0) { sum, rows in
        let output = try predictor(Variable(rows.0), .training(nil, moves: 0)).value
        return sum + (try NegativeCosine(output, rows.1).perSample.reduce(0) { $0 + Double($1) }) / 10
      }
    }
    #expect(abs(try loss() - value.value) < 1e-6)
    /// The best of several widths, as a ReLU may bend within one.
    func check(_ name: String, _ gradient: Tensor, _ move: (Int, Float) -> Void) throws {
      for flat in 0..<gradient.count {
        let slope = Double(gradient[flat: flat])
        let errors = try [0.01, 0.004, 0.002].map { (width: Float) -> Double in
          move(flat, width)
          let above = try loss()
          move(flat, -2 * width)
          let below = try loss()
          move(flat, width)
          return abs((above - below) / (2 * Double(width)) - slope)
        }
        #expect(errors.min()! < 1e-3 + 0.01 * abs(slope), "\(name) \(flat): \(slope), off by \(errors)")
      }
    }
    try check("the first view", value.dFirst) { z[0][flat: $0] += $1 }
    try check("the second view", value.dSecond) { z[1][flat: $0] += $1 }
    for (own, learnt) in zip(predictor.parameters, term.parameters) {
      let gradient = try #require(learnt.gradient)
      #expect(gradient.values.contains { abs($0) > 1e-2 }, "\(own.name)")
      try check(own.name, gradient) { own.value[flat: $0] += $1 }
    }
  }

  /// The gradient of the whole step with the targets held, as they have none; of model and predictor alike.
  @Test(arguments: [false, true]) func finiteDifferencesThroughTheWholeStep(weighted: Bool) throws {
    let model = try ContrastiveModel(tiny, seed: 5)
    let term = try SimSiamTerm(dimension: 3, hidden: 6, seed: 2)
    let method = PairMethod([term], reweighting: weighted ? try DensityWeight(exponent: 2) : nil)
    for (index, parameter) in (model.parameters + method.parameters).enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
    }
    let report = try method.accumulateGradients(model, batch, at: middle, pass: weighted ? .ascent : .only)
    func embeddings() throws -> [Tensor] {
      try batch.views.map { try model(Variable($0), .training(nil, moves: 0)).value }
    }
    let targets = try embeddings()
    let weights = weighted ? try DensityWeight(exponent: 2)(targets[0], targets[1]) : nil
    // The same predictor, on the same parameters.
    let predictor = try Predictor(name: "simsiam.predictor", inputs: 3, hidden: 6, outputs: 3, seed: 2)
    func loss() throws -> Double {
      for (own, moved) in zip(predictor.parameters, method.parameters) { own.value = moved.value }
      let z = try embeddings()
      return try zip(z, targets.reversed()).reduce(0) { sum, pair in
        let output = try predictor(Variable(pair.0), .training(nil, moves: 0)).value
        let values = try NegativeCosine(output, pair.1, weights: weights).perSample
        return sum + zip(values, weights?.values ?? [1, 1, 1, 1]).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 8
      }
    }
    #expect(abs(try loss() - report.total) < 1e-6)
    #expect(try slopeError(model.parameters + method.parameters, loss) < 0.02)
  }

  @Test func theOptimizerMovesThePredictorToo() throws {
    let model = try ContrastiveModel(tiny, seed: 5)
    let method = PairMethod([try SimSiamTerm(dimension: 3, hidden: 6, seed: 2)])
    let before = method.parameters.map(\.value)
    let optimizer = SGDOptimizer(.init())
    _ = try TrainingStep(method: method, optimizer: optimizer)(
      model, batch, StepPlan(moment: middle, learningRate: 0.1))
    for (parameter, value) in zip(method.parameters, before) { #expect(parameter.value != value, "\(parameter.name)") }
    #expect(method.parameters.allSatisfy { $0.gradient == nil && $0.name.hasPrefix("simsiam.") })
    #expect(Set(method.parameters.map { "momentum." + $0.name }).isSubset(of: Set(optimizer.state.keys)))
    let other = PairMethod([try SimSiamTerm(dimension: 3, hidden: 6, seed: 3)])
    #expect(other.state != method.state)
    try other.load(state: method.state)
    #expect(other.state == method.state)
    let wider = PairMethod([try SimSiamTerm(dimension: 3, hidden: 7, seed: 3)])
    #expect(throws: ModelError.self) { try wider.load(state: method.state) }
    #expect(throws: ModelError.self) { try SGDOptimizer(.init()).load(state: optimizer.state, for: wider.parameters) }
  }

  /// As the optimiser remembers by name, names must be one parameter's each.
  @Test func aNameThatTheModelHasIsRefused() throws {
    let method = NamedAlike(try ContrastiveModel(tiny, seed: 1).parameters[0])
    let error = #expect(throws: TrainingError.self) {
      try Trainer(
        model: ContrastiveModel(tiny, seed: 5), method: method, optimizer: SGDOptimizer(.init()), data: NoiseData(),
        settings: Trainer.Settings(
          epochs: 1, learningRate: .constant(0.1), identity: "recipe-1", checkpoints: Trainer.Checkpoints(folder: nil)))
    }
    let name = method.parameters[0].name
    #expect(error?.description.contains("two parameters are called \(name)") == true, "\(String(describing: error))")
  }

  @Test(arguments: [(1, 1, 1), (7, 3, 5), (16, 4, 16)])
  func theCountNeedsNoPredictor(inputs: Int, hidden: Int, outputs: Int) throws {
    let predictor = try Predictor(name: "p", inputs: inputs, hidden: hidden, outputs: outputs, seed: 1)
    let built = predictor.parameters.reduce(0) { $0 + $1.value.count }
    #expect(Predictor.parameterCount(inputs: inputs, hidden: hidden, outputs: outputs) == built)
  }
}

/// A method that learns one parameter, and is never run.
private final class NamedAlike: TrainingMethod {
  let parameters: [Parameter]
  init(_ parameter: Parameter) { parameters = [parameter] }
  func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment, pass: GradientPass
  ) throws -> LossReport { LossReport(parts: []) }
  func finishEpoch(at moment: Moment) throws {}
  let state: [String: Tensor] = [:]
  func load(state: [String: Tensor]) throws {}
}
