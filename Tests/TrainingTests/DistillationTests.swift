import Kernels
import NeuralNet
import Objectives
import TestSupport
import Testing
import Training

@Suite struct DistillationTests {
  private let batch = TrainingBatch(
    indices: [3, 8, 0, 5, 1], views: [noise([5, 6, 6, 3], seed: 1), noise([5, 6, 6, 3], seed: 2)])
  private let middle = Moment(batch: 1, batchesPerEpoch: 2)
  /// Of nine images, in three clusters; the third has no expert.
  private let clusters = [0, 1, 1, 0, 2, 1, 0, 2, 2]

  private func teacher(_ seed: UInt64) throws -> ContrastiveModel { try ContrastiveModel(tiny, seed: seed) }

  private func method(base: ContrastiveModel? = nil, experts: [ContrastiveModel?]? = nil) throws -> Distillation {
    try Distillation(
      base: try base ?? teacher(1), experts: try experts ?? [teacher(2), teacher(3), nil], clusters: clusters,
      features: teacher(1).backbone.features, hidden: 6, seed: 4)
  }

  private func student() throws -> ContrastiveModel {
    let model = try teacher(5)
    for (index, parameter) in model.parameters.enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
    }
    return model
  }

  @Test func finiteDifferencesThroughTheWholeStep() throws {
    let (model, method) = (try student(), try method())
    for (index, parameter) in method.parameters.enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 60)), factor: 0.3)
    }
    let report = try method.accumulateGradients(model, batch, at: middle, pass: .descent)
    #expect(report.parts.map(\.name) == ["base", "experts"])
    // The projector takes no part.
    #expect(model.projector!.parameters.allSatisfy { $0.gradient == nil })
    let learnt = model.backbone.parameters + method.parameters
    #expect(learnt.allSatisfy { $0.gradient != nil })
    let error = try slopeError(learnt) {
      try method.accumulateGradients(model, batch, at: middle, pass: .descent).total
    }
    #expect(error < 0.02)
  }

  /// Every image learns from the base model and its own cluster's expert: by hand, from the representations and heads.
  @Test func theLossIsThatOfEachImagesOwnTeachers() throws {
    let (model, base) = (try student(), try teacher(1))
    let experts = [try teacher(2), try teacher(3), nil]
    let method = try method(base: base, experts: experts)
    let report = try method.accumulateGradients(model, batch, at: middle, pass: .descent)
    let width = base.backbone.features
    let heads = try ["base", "expert1", "expert2"].map {
      try Predictor(name: "distill.\($0)", inputs: width, hidden: 6, outputs: width, seed: 4)
    }
    var expected = 0.0
    for view in batch.views {
      let h = try model.backbone(Variable(view), .training(nil, moves: 0))
      let predicted = try heads.map { try $0(h, .training(nil, moves: 0)).value }
      for (row, index) in batch.indices.enumerated() {
        func distance(_ head: Int, _ teacher: ContrastiveModel) throws -> Double {
          let known = try teacher.representations(of: view.rows([row]))
          return 2 + 2 * Double(try NegativeCosine(predicted[head].rows([row]), known).perSample[0])
        }
        expected += try distance(0, base) / 10
        if let expert = experts[clusters[index]] { expected += try distance(clusters[index] + 1, expert) / 10 }
      }
    }
    #expect(abs(report.total - expected) < 1e-5)
  }

  @Test func teachersStayAsTheyAre() throws {
    let (base, expert) = (try teacher(1), try teacher(2))
    let before = (base.state, expert.state)
    let method = try method(base: base, experts: [expert, expert, expert])
    let model = try student()
    let (parameters, projector) = (model.parameters.map(\.value), model.projector!.state)
    _ = try TrainingStep(method: method, optimizer: SGDOptimizer(.init()))(
      model, batch, StepPlan(moment: middle, learningRate: 0.1))
    #expect(base.state == before.0 && expert.state == before.1)
    #expect(model.parameters.map(\.value) != parameters && model.projector!.state == projector)
  }

  @Test func stateIsTakenOver() throws {
    let (model, method) = (try student(), try method())
    _ = try TrainingStep(method: method, optimizer: SGDOptimizer(.init()))(
      model, batch, StepPlan(moment: middle, learningRate: 0.1))
    let other = try self.method()
    #expect(other.state != method.state)
    try other.load(state: method.state)
    #expect(other.state == method.state)
    #expect(throws: ModelError.self) { try other.load(state: [:]) }
    #expect(Set(method.parameters.map(\.name)).count == method.parameters.count)
  }
}
