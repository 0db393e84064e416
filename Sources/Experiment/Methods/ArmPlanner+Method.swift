import RecipeLanguage
import Training

/// From the words of a method to its parts. A new method adds its part to `MethodPlan`, a case here, a line to
/// `MethodBuilder`, and its words to the catalogue.
extension ArmPlanner {
  mutating func method(_ clock: TrainingClock, epochs: Int) -> MethodPlan? {
    method(record.record("method"), clock, epochs: epochs)
  }

  /// A method that is built on another one has that one's parts and adds its own.
  private mutating func method(_ method: RecordValue, _ clock: TrainingClock, epochs: Int) -> MethodPlan? {
    if let inner = method["method"]?.recordValue {
      guard var plan = self.method(inner, clock, epochs: epochs) else { return nil }
      switch method.type {
      case "harmonized":
        guard let harmonization = harmonization(method.record("gh"), clock, epochs: epochs) else { return nil }
        plan.harmonization = harmonization
      case "sdclr":
        guard let fraction = schedule("prune", method, clock, epochs: epochs) else { return nil }
        plan.pruning = PruningPlan(
          fraction: fraction, random: method.float("random_prune"), seed: UInt64(record.int("seed")))
      default: preconditionFailure("the method \(method.type) has no plan")
      }
      return plan
    }
    guard let temperature = schedule("temperature", method, clock, epochs: epochs) else { return nil }
    return MethodPlan(
      temperature: temperature, focalGamma: method.type == "focal" ? method.float("gamma") : nil)
  }

  private mutating func harmonization(_ gh: RecordValue, _ clock: TrainingClock, epochs: Int) -> HarmonizationPlan? {
    let structure = gh.record("structure")
    checkStructure(structure, clock)
    guard let starts = self.epochs("starts", gh, clock) else { return nil }
    guard starts < epochs else {
      report(
        PlanCode.start, "GH starts after \(starts) epochs, but the run has only \(epochs)", at: gh.span(of: "starts"),
        secondary: [.init(record.span(of: "length"), "the length")],
        help: "start it earlier, such as `starts: \(epochs / 2)ep`")
      return nil
    }
    guard let weight = schedule("weight", gh, clock, epochs: epochs, startingAt: starts, lasting: true),
      let prior = prior(gh.record("prior"), clock, epochs: epochs)
    else { return nil }
    let sinkhorn = gh.record("sinkhorn")
    return HarmonizationPlan(
      classes: structure.int("classes"), dimension: structure.int("dimension"), isExact: structure.type == "simplex",
      structureSeed: UInt64(structure["seed"]?.intValue ?? record.int("seed")), starts: starts, weight: weight,
      prior: prior, lambda: sinkhorn.float("lambda"), iterations: sinkhorn.int("iterations"),
      tolerance: sinkhorn["tolerance"]?.doubleValue,
      requiresConvergence: sinkhorn.bool("require_convergence"), temperature: gh.float("temperature"))
  }

  private mutating func prior(_ prior: RecordValue, _ clock: TrainingClock, epochs: Int) -> HarmonizationPlan.Prior? {
    guard prior.type == "momentum_prior" else { return .uniform }
    let refresh = self.epochs("refresh", prior, clock)
    let momentum = schedule("momentum", prior, clock, epochs: epochs)
    guard let refresh, let momentum else { return nil }
    return .momentum(momentum, refresh: refresh, floor: prior.float("floor"))
  }

  private mutating func checkStructure(_ structure: RecordValue, _ clock: TrainingClock) {
    let output = record.record("model").record("projector").int("output")
    let (classes, dimension) = (structure.int("classes"), structure.int("dimension"))
    if output != dimension {
      let projector = record.record("model").record("projector")
      report(
        PlanCode.dimension, "the structure has dimension \(dimension), but embeddings have \(output) numbers",
        at: structure.span(of: "dimension"),
        secondary: [.init(projector.span(of: "output"), "the projector's output")],
        help: "write `dimension: \(output)`, or `mlp(output: \(dimension))`")
    }
    if classes > clock.batch {
      report(
        PlanCode.classes, "\(classes) vectors share the \(clock.batch) images of a batch",
        at: structure.span(of: "classes"), help: "use a larger batch or fewer `classes`")
    }
  }
}
