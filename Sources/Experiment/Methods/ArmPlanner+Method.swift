import DataPipeline
import Objectives
import RecipeLanguage
import Training

/// From the words of a method to its parts. A new method adds its part to `MethodPlan`, a case here, a line to
/// `MethodBuilder`, and its words to the catalogue.
extension ArmPlanner {
  mutating func method(_ images: ImagePlan, _ clock: TrainingClock, epochs: Int) -> MethodPlan? {
    if case .student = role { return MethodPlan(contrast: .ntXent(temperature: .constant(1), focalGamma: nil)) }
    return method(record.record("method"), images, clock, epochs: epochs)
  }

  /// A method that is built on another one has that one's parts and adds its own.
  private mutating func method(
    _ method: RecordValue, _ images: ImagePlan, _ clock: TrainingClock, epochs: Int
  ) -> MethodPlan? {
    if let inner = method["method"]?.recordValue {
      guard var plan = self.method(inner, images, clock, epochs: epochs) else { return nil }
      switch method.type {
      case "harmonized":
        guard let harmonization = harmonization(method.record("gh"), images, clock, epochs: epochs) else { return nil }
        plan.harmonization = harmonization
      case "sdclr":
        guard let fraction = schedule("prune", method, clock, epochs: epochs) else { return nil }
        plan.pruning = PruningPlan(
          fraction: fraction, random: method.float("random_prune"), seed: UInt64(record.int("seed")))
      case "bcl":
        plan.boost = boost(method, onPruned: plan.pruning != nil)
        checkLength(of: method, epochs)
      case "rwsam":
        plan.sharpness = SharpnessPlan(
          rho: method.float("rho"), isAdaptive: method.bool("adaptive"), exponent: method.float("exponent"),
          bandwidth: method["bandwidth"]?.doubleValue)
      default: preconditionFailure("the method \(method.type) has no plan")
      }
      return plan
    }
    if method.type == "simsiam" {
      let hidden = method["hidden"]?.intValue ?? max(1, embeddingWidth / 4)
      return MethodPlan(
        contrast: .simSiam(dimension: embeddingWidth, hidden: hidden, seed: UInt64(record.int("seed"))))
    }
    guard let temperature = schedule("temperature", method, clock, epochs: epochs) else { return nil }
    let gamma = method.type == "focal" ? method.float("gamma") : nil
    return MethodPlan(contrast: .ntXent(temperature: temperature, focalGamma: gamma))
  }

  /// What is left out is what the authors take on a method of this kind.
  private func boost(_ bcl: RecordValue, onPruned isPruned: Bool) -> BoostPlan {
    let isDamaging = bcl.isNone("variant") ? isPruned : bcl.member("variant") == "damaging"
    var views: RandAugment = isDamaging ? .damaging : .identity
    if let operations = bcl["operations"]?.intValue { views.operations = operations }
    let least = bcl["min_strength"]?.doubleValue ?? min(views.strength.lowerBound, bcl.float("max_strength"))
    views.strength = least...bcl.float("max_strength")
    return BoostPlan(momentum: bcl.float("momentum"), views: views)
  }

  private mutating func checkLength(of bcl: RecordValue, _ epochs: Int) {
    guard epochs == 1 else { return }
    report(
      PlanCode.boost, "`bcl` does nothing in a run of one epoch", at: bcl.span,
      secondary: [.init(record.span(of: "length"), "the length")],
      help: "train for longer; its weights are made at the end of each epoch for the next")
  }

  private mutating func harmonization(
    _ gh: RecordValue, _ images: ImagePlan, _ clock: TrainingClock, epochs: Int
  ) -> HarmonizationPlan? {
    let structure = gh.record("structure")
    checkStructure(structure, clock)
    guard let starts = self.epochs("starts", gh, clock) else { return nil }
    guard starts < epochs else {
      report(
        PlanCode.start, "GH starts after \(starts) epochs, but the run has only \(epochs)", at: gh.span(of: "starts"),
        secondary: [.init(record.span(of: "length"), "the length")],
        help: gh.member("align") == "centres" && epochs == 1
          ? "train for longer: its vectors are turned to embeddings, of which there are none at the start"
          : "start it earlier, such as `starts: \(epochs / 2)ep`")
      return nil
    }
    guard let weight = schedule("weight", gh, clock, epochs: epochs, startingAt: starts, lasting: true),
      let prior = prior(gh, images, clock, epochs: epochs), let isAligned = alignment(gh, images, starts: starts, epochs: epochs)
    else { return nil }
    let sinkhorn = gh.record("sinkhorn")
    return HarmonizationPlan(
      classes: structure.int("classes"), dimension: structure.int("dimension"), isExact: structure.type == "simplex",
      structureSeed: UInt64(structure["seed"]?.intValue ?? record.int("seed")), starts: starts,
      isAligned: isAligned, weight: weight,
      prior: prior, lambda: sinkhorn.float("lambda"), iterations: sinkhorn.int("iterations"),
      tolerance: sinkhorn["tolerance"]?.doubleValue,
      requiresConvergence: sinkhorn.bool("require_convergence"), temperature: gh.float("temperature"))
  }

  private mutating func prior(
    _ gh: RecordValue, _ images: ImagePlan, _ clock: TrainingClock, epochs: Int
  ) -> HarmonizationPlan.Prior? {
    let prior = gh.record("prior")
    guard prior.type != "uniform_prior" else { return .uniform }
    let refresh = self.epochs("refresh", prior, clock)
    let momentum = schedule("momentum", prior, clock, epochs: epochs)
    var rule: ClassPrior.Rule? = .winners
    if prior.type == "soft_prior" { rule = .soft(temperature: Float(prior.float("temperature"))) }
    if prior.type == "true_prior" { rule = trueShares(gh, images).map(ClassPrior.Rule.ranked) }
    guard let refresh, let momentum, let rule else { return nil }
    // The words are checked: no value is out of its range.
    guard let estimate = try? ClassPrior(rule, floor: floor(prior)) else { return nil }
    return .momentum(momentum, refresh: refresh, estimate)
  }

  private func floor(_ prior: RecordValue) -> ClassPrior.Floor {
    if let share = prior["floor"]?.quantityValue { return .share(share.doubleValue) }
    return .samples(prior["floor"]?.doubleValue ?? 0)
  }

  /// The class shares of the training images, one a vector.
  private mutating func trueShares(_ gh: RecordValue, _ images: ImagePlan) -> [Double]? {
    let span = gh.span(of: "prior")
    guard let counts = images.classCounts else {
      report(
        PlanCode.labels, "`true_prior` needs labels, and these images have none", at: span,
        help: "write `momentum_prior()`, which needs none")
      return nil
    }
    let classes = gh.record("structure").int("classes")
    guard counts.count == classes else {
      report(
        PlanCode.prior, "there are \(counts.count) classes and \(classes) vectors, so that their shares are not known",
        at: span, secondary: [.init(gh.record("structure").span(of: "classes"), "the vectors")],
        help: "write `classes: \(counts.count)`, or a prior that is estimated")
      return nil
    }
    return counts.map(Double.init)
  }

  /// Whether the vectors are turned to the embeddings; nil where that cannot be.
  private mutating func alignment(_ gh: RecordValue, _ images: ImagePlan, starts: Int, epochs: Int) -> Bool? {
    guard gh.member("align") == "centres" else { return false }
    let span = gh.span(of: "align")
    guard starts > 0 else {
      report(
        PlanCode.alignment, "vectors are turned to embeddings when GH starts, and it starts before there are any", at: span,
        help: epochs > 1 ? "start it later, such as `starts: \(min(10, epochs / 2))ep`, or leave `align` out" : "leave `align` out")
      return nil
    }
    let structure = gh.record("structure")
    let classes = structure.int("classes")
    // A small cluster has no centres for all vectors: its expert's stay where they were made.
    if cluster != nil, classes > images.trainingCount { return false }
    guard classes <= images.trainingCount, classes <= Self.mostAligned else {
      let most = min(images.trainingCount, Self.mostAligned)
      report(
        PlanCode.alignment, "\(classes) centres are looked for among \(images.trainingCount) images", at: span,
        secondary: [.init(structure.span(of: "classes"), "the vectors")],
        help: "at most \(most) can be found; use fewer `classes`, or leave `align` out")
      return nil
    }
    return true
  }

  /// Pairing vectors with centres takes some classes³ operations.
  private static let mostAligned = 4096

  private mutating func checkStructure(_ structure: RecordValue, _ clock: TrainingClock) {
    let output = embeddingWidth
    let (classes, dimension) = (structure.int("classes"), structure.int("dimension"))
    if output != dimension {
      let projector = record.record("model").record("projector")
      report(
        PlanCode.dimension, "the structure has dimension \(dimension), but embeddings have \(output) numbers",
        at: structure.span(of: "dimension"),
        secondary: [
          projector["output"] == nil
            ? .init(record.record("model").span(of: "backbone"), "the network's output")
            : .init(projector.span(of: "output"), "the projector's output")
        ],
        help: structure.type == "simplex" && classes > output + 1
          ? "write `mlp(output: \(dimension))`"
          : "write `dimension: \(output)`, or `mlp(output: \(dimension))`")
    }
    if cluster == nil, classes > clock.batch {
      report(
        PlanCode.classes, "\(classes) vectors share the \(clock.batch) images of a batch",
        at: structure.span(of: "classes"),
        help: classes <= clock.images ? "use a larger batch or fewer `classes`" : "use fewer `classes`")
    }
  }
}
