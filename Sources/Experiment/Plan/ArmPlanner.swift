import DataPipeline
import Evaluation
import NeuralNet
import RecipeLanguage
import Training

/// Makes the plan of one recipe and collects everything that is wrong with it.
struct ArmPlanner {
  let recipe: ResolvedRecipe
  var problems: [Diagnostic] = []
  /// Sources opened already, so that arms with the same images share them.
  var library: ImageLibrary

  init(_ recipe: ResolvedRecipe, library: ImageLibrary) {
    self.recipe = recipe
    self.library = library
  }

  private var record: RecordValue { recipe.record }

  /// Nil when there is a problem.
  mutating func plan() -> ArmPlan? {
    let data = record.record("data")
    checkPurposes()
    guard let images = images(data), let clock = clock(data, images), let epochs = epochs("length", record, clock)
    else { return nil }
    let model = model(images)
    let method = method(clock, epochs: epochs)
    let optimizer = optimizer(clock, epochs: epochs)
    let evaluation = evaluation(clock, images)
    let snapshots = record["checkpoint"]?.recordValue.flatMap { interval($0, clock) }
    guard !problems.hasErrors, let model, let method, let optimizer else { return nil }
    return ArmPlan(
      recipe: recipe, seed: UInt64(record.int("seed")), images: images, clock: clock, epochs: epochs, model: model,
      convolution: ModelWords.convolution(record.record("model")), method: method, optimizer: optimizer,
      evaluation: evaluation, snapshots: snapshots)
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan, label: String = "",
    secondary: [Diagnostic.Label] = [], help: String? = nil
  ) {
    problems.append(
      Diagnostic(
        code, message, at: span, label: label, secondary: secondary, notes: ["in recipe `\(recipe.name)`"], help: help))
  }

  // MARK: Images

  private mutating func images(_ data: RecordValue) -> ImagePlan? {
    do {
      let selected = try library.open(data.record("source"))
      return ImagePlan(selected: selected, views: ViewPlan(data.record("augment")))
    } catch let problem as ImageLibrary.Problem {
      report(problem.code, problem.message, at: problem.span, help: problem.help)
    } catch {
      report(PlanCode.data, "\(error)", at: data.span(of: "source"))
    }
    return nil
  }

  // MARK: Time

  private mutating func clock(_ data: RecordValue, _ images: ImagePlan) -> TrainingClock? {
    let batch = data.int("batch")
    let drops = data.member("last") == "drop"
    if let clock = TrainingClock(images: images.trainingCount, batch: batch, dropsLast: drops) {
      if images.trainingCount < batch {
        report(
          PlanCode.smallEpoch, "a batch takes \(batch) images and there are only \(images.trainingCount)",
          at: data.span(of: "batch"), help: "use a batch of at most \(images.trainingCount)")
      }
      return clock
    }
    let remedy = drops ? "a batch of at most \(images.trainingCount), or `last: .keep`" : "more images"
    report(
      PlanCode.batch, "\(images.trainingCount) training images make no batch of \(batch)", at: data.span(of: "batch"),
      help: "use \(remedy)")
    return nil
  }

  /// A field of training time as whole epochs.
  private mutating func epochs(_ field: String, _ record: RecordValue, _ clock: TrainingClock) -> Int? {
    let time = record.quantity(field)
    if let whole = clock.wholeEpochs(time) { return whole }
    report(
      PlanCode.wholeSteps, "`\(field)` is \(time), which is not a whole number of epochs", at: record.span(of: field),
      help: "an epoch of these \(clock.images) images in batches of \(clock.batch) has \(clock.stepsPerEpoch) steps; "
        + "write whole epochs, such as `\(nearestEpochs(time, clock))ep`")
    return nil
  }

  private func nearestEpochs(_ time: Quantity, _ clock: TrainingClock) -> Int {
    let perEpoch: Double =
      switch time.dimension {
      case .steps: Double(clock.stepsPerEpoch)
      case .images: Double(clock.images)
      default: 1
      }
    return max(1, Int((time.doubleValue / perEpoch).rounded()))
  }

  private mutating func interval(_ every: RecordValue, _ clock: TrainingClock) -> Int? {
    epochs("interval", every, clock)
  }

  private mutating func schedule(
    _ field: String, _ record: RecordValue, _ clock: TrainingClock, epochs: Int, startingAt start: Int = 0,
    lasting: Bool = false
  ) -> Schedule? {
    let conversion = ScheduleConversion(context: clock.context(epochs: epochs - start))
    do {
      return try conversion.convert(record.schedule(field), startingAt: start, lasting: lasting)
    } catch {
      let length =
        start > 0
        ? "from its start after \(start) epochs on there are \(epochs - start)" : "the run has \(epochs) epochs"
      report(
        PlanCode.schedule, "`\(field)` does not fit the run: \(error)", at: record.span(of: field), help: length)
      return nil
    }
  }

  // MARK: Model

  private mutating func model(_ images: ImagePlan) -> ContrastiveModel.Configuration? {
    let encoder = record.record("model")
    let (backbone, projector) = (encoder.record("backbone"), encoder.record("projector"))
    let configuration = ContrastiveModel.Configuration(
      encoder: ModelWords.configuration(backbone, channels: images.channels),
      hidden: projector["hidden"]?.intValue, projection: projector.int("output"))
    return configuration
  }

  // MARK: Method

  private mutating func method(_ clock: TrainingClock, epochs: Int) -> MethodPlan? {
    let method = record.record("method")
    guard method.type == "harmonized" else { return contrastive(method) }
    var plan = contrastive(method.record("method"))
    guard let harmonization = harmonization(method.record("gh"), clock, epochs: epochs) else { return nil }
    plan.harmonization = harmonization
    return plan
  }

  private func contrastive(_ record: RecordValue) -> MethodPlan {
    MethodPlan(
      temperature: record.float("temperature"), focalGamma: record.type == "focal" ? record.float("gamma") : nil)
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

  // MARK: Optimiser

  private mutating func optimizer(_ clock: TrainingClock, epochs: Int) -> OptimizerPlan? {
    let sgd = record.record("optimizer")
    guard let rate = schedule("lr", sgd, clock, epochs: epochs) else { return nil }
    return OptimizerPlan(
      rate: rate, update: sgd.member("pace") == "step" ? .everyStep : .everyEpoch, momentum: sgd.float("momentum"),
      weightDecay: sgd.float("weight_decay"))
  }

  // MARK: Evaluation

  /// `every` serves two purposes, told apart by the probe.
  private mutating func checkPurposes() {
    if let every = record["evaluate"]?.recordValue, every.type == "every", every.isNone("probe") {
      report(
        PlanCode.purpose, "`evaluate` has an interval but no probe", at: record.span(of: "evaluate"),
        help: "write `every(\(every.quantity("interval")), linear_probe())`")
    }
    if let every = record["checkpoint"]?.recordValue, !every.isNone("probe") {
      report(
        PlanCode.purpose, "`checkpoint` takes an interval and no probe", at: record.span(of: "checkpoint"),
        help: "write `every(\(every.quantity("interval")))`, and the probe in `evaluate`")
    }
  }

  private mutating func evaluation(_ clock: TrainingClock, _ images: ImagePlan) -> EvaluationPlan? {
    guard let evaluate = record["evaluate"]?.recordValue else { return nil }
    let isRepeated = evaluate.type == "every"
    let every = isRepeated ? interval(evaluate, clock) : nil
    guard let probe = isRepeated ? evaluate["probe"]?.recordValue : evaluate else { return nil }
    let rule = EvaluationWords.rule(probe)
    guard images.isLabelled, images.hasTest else {
      let missing = images.isLabelled ? "test images" : "labels"
      report(
        images.isLabelled ? PlanCode.evaluation : PlanCode.labels,
        "`\(probe.type)` needs \(missing), and these images have none",
        at: probe.span, secondary: [.init(record.record("data").span(of: "source"), "the images")],
        help: "leave `evaluate` out, or use a source with \(missing)")
      return nil
    }
    if let empty = images.emptyGroup(rule) {
      report(
        PlanCode.groups, "no class is in the group `\(empty)`", at: probe.span(of: "groups"),
        help: "use the other rule: `.thirds` by rank, `.counts` by numbers of images")
    }
    checkProbe(probe, images)
    return EvaluationPlan(
      probe: EvaluationWords.probe(probe, seed: UInt64(record.int("seed"))), groups: rule,
      onTrainingImages: probe.member("train") == "training", every: every)
  }

  /// What a probe says of itself that only the images can contradict, or that contradicts itself.
  private mutating func checkProbe(_ probe: RecordValue, _ images: ImagePlan) {
    if probe.type == "linear_probe", probe.float("final_lr") > probe.float("lr") {
      report(
        PlanCode.probeRates, "`final_lr` \(probe.float("final_lr")) is above `lr` \(probe.float("lr"))",
        at: probe.span(of: "final_lr"), secondary: [.init(probe.span(of: "lr"), "the first rate")],
        help: "write a smaller `final_lr` or a larger `lr`")
    }
    let field = probe.type == "linear_probe" ? "neighbours" : "k"
    let learnt = probe.member("train") == "training" ? images.trainingCount : images.pool.count
    if let wanted = probe[field]?.intValue, wanted > learnt {
      report(
        PlanCode.neighbours, "\(wanted) neighbours are looked for among \(learnt) images", at: probe.span(of: field),
        help: "write at most `\(field): \(learnt)`")
    }
  }
}
