import Kernels

/// Transport, structures, losses and optimisers.
extension GoldenOperations {
  static let objectives: [String: Operation] = [
    "simplex_etf": simplex, "sinkhorn": sinkhorn, "gh_loss": ghLoss, "nt_xent": contrastive,
    "focal_nt_xent": contrastive,
  ]
  static let optimisers: [String: Operation] = ["sgd": sgd, "adam": adam]

  private static let simplex: Operation = { golden in
    let structure = try GeometricStructure(
      classes: try golden.integer("classes"), dimension: try golden.integer("dimension"), seed: 0, exactSimplex: true)
    var results = GoldenResults()
    results.set("gram", try matmul(structure.vertices, structure.vertices, transposeB: true))
    return results
  }

  private static func sinkhorn(of golden: GoldenFile) throws -> Sinkhorn {
    try Sinkhorn(
      Sinkhorn.Options(lambda: try golden.float("lambda"), iterations: try golden.integer("iterations")))
  }

  private static let sinkhorn: Operation = { golden in
    let result = try sinkhorn(of: golden)(
      try golden.tensor("logits", rank: 2), prior: try golden.tensor("marginal", rank: 1))
    var results = GoldenResults()
    results.set("assignment", result.assignment)
    return results
  }

  private static let ghLoss: Operation = { golden in
    let loss = try GHLoss(
      structure: try golden.tensor("structure", rank: 2), sinkhorn: try sinkhorn(of: golden),
      temperature: try golden.float("temperature"))
    let result = try loss(
      try golden.tensor("z1", rank: 2), try golden.tensor("z2", rank: 2), prior: try golden.tensor("marginal", rank: 1))
    var results = GoldenResults()
    results.set("loss", result.loss)
    results.set("grad_z1", result.dZ1)
    results.set("grad_z2", result.dZ2)
    return results
  }

  private static let contrastive: Operation = { golden in
    let gamma = golden.operation == "focal_nt_xent" ? try golden.float("gamma") : nil
    let result = try NTXent(temperature: try golden.float("temperature"), focalGamma: gamma)(
      try golden.tensor("z1", rank: 2), try golden.tensor("z2", rank: 2))
    var results = GoldenResults()
    results.set("loss", result.loss)
    results.set("per_sample", result.perSample)
    results.set("grad_z1", result.dZ1)
    results.set("grad_z2", result.dZ2)
    return results
  }

  // MARK: Optimisers

  /// The parameter after each step, one row a step.
  private static func trajectory(
    _ golden: GoldenFile, _ step: (_ parameter: inout Tensor, _ gradient: Tensor) throws -> Void
  ) throws -> GoldenResults {
    var parameter = try golden.tensor("parameter", rank: 1)
    let gradients = try golden.tensor("gradients", rank: 2)
    let (steps, count) = gradients.shape.rowsAndColumns
    let values = gradients.values
    var trajectory: [Double] = []
    for row in 0..<steps {
      try step(&parameter, Tensor(Array(values[row * count..<(row + 1) * count]), shape: [count]))
      trajectory += parameter.values.map(Double.init)
    }
    var results = GoldenResults()
    results["trajectory"] = trajectory
    return results
  }

  private static let sgd: Operation = { golden in
    let sgd = Kernels.SGD(
      rate: try golden.number("lr"), momentum: try golden.number("momentum"),
      weightDecay: try golden.number("weight_decay"))
    var velocity = Tensor(zeros: try golden.tensor("parameter", rank: 1).shape)
    return try trajectory(golden) { try sgd.update(&$0, gradient: $1, velocity: &velocity) }
  }

  private static let adam: Operation = { golden in
    let adam = Adam(
      rate: try golden.number("lr"), beta1: try golden.number("beta1"), beta2: try golden.number("beta2"),
      epsilon: try golden.number("eps"), weightDecay: try golden.number("weight_decay"))
    var state = Adam.State(shape: try golden.tensor("parameter", rank: 1).shape)
    return try trajectory(golden) { try adam.update(&$0, gradient: $1, state: &state) }
  }
}
