import Foundation
import Kernels
import Objectives
import TestSupport
import Testing

/// The objectives against values computed outside: the paper's own functions, torch or numpy in float64.
@Suite struct GoldenObjectivesTests {
  @Test(arguments: try GoldenCase.names(prefix: "sinkhorn_")) func sinkhorn(_ name: String) throws {
    let golden = try GoldenCase(name)
    let solve = try Sinkhorn(.init(lambda: golden.float("lambda")!, iterations: golden.integer("iterations")!))
    let prior = golden.tensor("in.marginal")
    let result = try solve(golden.tensor("in.logits"), prior: prior)
    #expect(golden.excess("assignment", result.assignment) <= 1)
    #expect(result.iterations == golden.integer("iterations"))
    let (_, k) = result.assignment.shape.rowsAndColumns
    for (i, value) in result.assignment.values.enumerated() where prior[flat: i % k] == 0 { #expect(value == 0) }
  }

  @Test(arguments: try GoldenCase.names(prefix: "simplex_etf_")) func simplex(_ name: String) throws {
    let golden = try GoldenCase(name)
    let (k, d) = (golden.integer("classes")!, golden.integer("dimension")!)
    for seed in [0, 1, 7] as [UInt64] {
      let structure = try GeometricStructure(classes: k, dimension: d, seed: seed, exactSimplex: true)
      let gram = try matmul(structure.vertices, structure.vertices, transposeB: true)
      #expect(golden.excess("gram", gram) <= 1)
    }
  }

  @Test(arguments: try GoldenCase.names(prefix: "gh_loss_")) func ghLoss(_ name: String) throws {
    let golden = try GoldenCase(name)
    let loss = try GHLoss(
      structure: golden.tensor("in.structure"),
      sinkhorn: Sinkhorn(.init(lambda: golden.float("lambda")!, iterations: golden.integer("iterations")!)),
      temperature: golden.float("temperature")!)
    let result = try loss(golden.tensor("in.z1"), golden.tensor("in.z2"), prior: golden.tensor("in.marginal"))
    #expect(golden.excess("loss", [result.loss]) <= 1)
    #expect(golden.excess("grad_z1", result.dZ1) <= 1)
    #expect(golden.excess("grad_z2", result.dZ2) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "nt_xent_") + GoldenCase.names(prefix: "focal_nt_xent_"))
  func contrastive(_ name: String) throws {
    let golden = try GoldenCase(name)
    let temperature = golden.float("temperature")!
    let loss: ContrastiveLoss =
      golden.float("gamma").map { .focal(temperature: temperature, gamma: $0) } ?? .ntXent(temperature: temperature)
    let result = try loss(golden.tensor("in.z1"), golden.tensor("in.z2"))
    #expect(golden.excess("loss", [result.loss]) <= 1)
    #expect(golden.excess("per_sample", result.perSample) <= 1)
    #expect(golden.excess("grad_z1", result.dZ1) <= 1)
    #expect(golden.excess("grad_z2", result.dZ2) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "surrogate_marginal_")) func prior(_ name: String) throws {
    let golden = try GoldenCase(name)
    let rule = try ClassPrior(floor: .samples(golden.number("floor")!))
    let prior = try rule.estimate(golden.tensor("in.momentum_logits"))
    #expect(golden.excess("marginal", prior) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "bcl_weight_")) func memorization(_ name: String) throws {
    let golden = try GoldenCase(name)
    #expect(golden.excess("weight", try memorizationWeights(golden.tensor("in.momentum_loss"))) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "magnitude_mask_")) func mask(_ name: String) throws {
    let golden = try GoldenCase(name)
    let weights = (0..<3).map { golden.tensor("in.weight\($0)") }
    let masks = try magnitudeMasks(weights, fraction: golden.number("fraction")!)
    for (i, mask) in masks.enumerated() { #expect(golden.relativeError("mask\(i)", mask) == 0) }
  }

  @Test(arguments: try GoldenCase.names(prefix: "sgd_")) func sgd(_ name: String) throws {
    let golden = try GoldenCase(name)
    let sgd = SGD(
      rate: golden.number("lr")!, momentum: golden.number("momentum")!, weightDecay: golden.number("weight_decay")!)
    var velocity = Tensor(zeros: golden.tensor("in.parameter").shape)
    let trajectory = try follow(golden) { try sgd.update(&$0, gradient: $1, velocity: &velocity) }
    #expect(golden.excess("trajectory", trajectory) <= 1)
  }

  @Test(arguments: try GoldenCase.names(prefix: "adam_")) func adam(_ name: String) throws {
    let golden = try GoldenCase(name)
    let adam = Adam(
      rate: golden.number("lr")!, beta1: golden.number("beta1")!, beta2: golden.number("beta2")!,
      epsilon: golden.number("eps")!, weightDecay: golden.number("weight_decay")!)
    var state = Adam.State(shape: golden.tensor("in.parameter").shape)
    let trajectory = try follow(golden) { try adam.update(&$0, gradient: $1, state: &state) }
    #expect(golden.excess("trajectory", trajectory) <= 1)
    #expect(state.step == golden.tensor("in.gradients").shape[0])
  }

  /// The parameter after every step, one after the other.
  private func follow(_ golden: GoldenCase, _ step: (inout Tensor, Tensor) throws -> Void) throws -> Tensor {
    var parameter = golden.tensor("in.parameter")
    let gradients = golden.tensor("in.gradients")
    let n = parameter.count
    var trajectory: [Float] = []
    for t in 0..<gradients.shape[0] {
      try step(&parameter, Tensor(Array(gradients.values[t * n..<(t + 1) * n]), shape: parameter.shape))
      trajectory += parameter.values
    }
    return Tensor(trajectory, shape: gradients.shape)
  }
}
