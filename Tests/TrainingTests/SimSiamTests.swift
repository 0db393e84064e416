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
    let parameter = Parameter(name: "p", value: p)
    let gradient = try NegativeCosine(p, target, weights: weights).gradient
    for flat in 0..<p.count {
      func loss(_ step: Float) throws -> Double {
        var moved = p
        moved[flat: flat] += step
        let values = try NegativeCosine(moved, target, weights: weights).perSample
        return zip(values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) } / 5
      }
      #expect(abs((try loss(1e-2) - loss(-1e-2)) / 0.02 - Double(gradient[flat: flat])) < 2e-3, "\(parameter.name) \(flat)")
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
  }
}
