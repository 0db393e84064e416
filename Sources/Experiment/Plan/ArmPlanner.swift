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

  /// Which part of an arm is planned.
  enum Role {
    case whole
    /// An expert of DnC on the images of a cluster, which may be fewer than a batch takes.
    case expert(ImagePlan)
    /// The network that experts are distilled into: the recipe's method is not its own.
    case student
  }
  let role: Role

  init(_ recipe: ResolvedRecipe, library: ImageLibrary, role: Role = .whole) {
    self.recipe = recipe
    self.library = library
    self.role = role
  }

  /// The images of the cluster that an expert learns from.
  var cluster: ImagePlan? {
    guard case .expert(let images) = role else { return nil }
    return images
  }

  var record: RecordValue { recipe.record }

  /// Nil when there is a problem.
  mutating func plan() -> ArmPlan? {
    let data = record.record("data")
    checkPurposes()
    guard let images = images(data), let clock = clock(data, images), let epochs = epochs("length", record, clock)
    else { return nil }
    if let dividing { return divided(dividing, images, clock, epochs: epochs) }
    var model = model(images)
    let method = method(images, clock, epochs: epochs)
    let optimizer = optimizer(clock, epochs: epochs)
    let circle = circle(images)
    let evaluation = circle == nil ? evaluation(clock, images) : nil
    checkKind(method, images)
    let snapshots = record["checkpoint"]?.recordValue.flatMap { interval($0, clock) }
    model?.hasPrunedBranch = method?.pruning != nil
    guard !problems.hasErrors, let model, let method, let optimizer else { return nil }
    return ArmPlan(
      recipe: recipe, seed: UInt64(record.int("seed")), images: images, clock: clock, epochs: epochs, model: model,
      convolution: ModelWords.convolution(record.record("model")), method: method, optimizer: optimizer,
      evaluation: evaluation, circle: circle, snapshots: snapshots, divide: nil)
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
    if let cluster { return cluster }
    do {
      let selected = try library.open(data.record("source"))
      let plan = ImagePlan(selected: selected, views: ViewPlan(data.record("augment")))
      return checkViews(plan, data) ? plan : nil
    } catch let problem as ImageLibrary.Problem {
      report(problem.code, problem.message, at: problem.span, help: problem.help)
    } catch {
      report(PlanCode.data, "\(error)", at: data.span(of: "source"))
    }
    return nil
  }

  // MARK: Time

  private mutating func clock(_ data: RecordValue, _ images: ImagePlan) -> TrainingClock? {
    let batch = cluster.map { min($0.trainingCount, data.int("batch")) } ?? data.int("batch")
    let drops = data.member("last") == "drop"
    if let clock = TrainingClock(images: images.trainingCount, batch: batch, dropsLast: drops) {
      if images.trainingCount < batch {
        report(
          PlanCode.smallEpoch, "a batch takes \(batch) images and there are only \(images.trainingCount)",
          at: data.span(of: "batch"), help: "use a batch of at most \(images.trainingCount)")
      }
      return clock
    }
    let remedy = drops && images.trainingCount > 1 ? "a batch of at most \(images.trainingCount), or `last: .keep`" : "more images"
    report(
      PlanCode.batch,
      "\(images.trainingCount) training image\(images.trainingCount == 1 ? " makes" : "s make") no batch of \(batch)", at: data.span(of: "batch"),
      help: "use \(remedy)")
    return nil
  }

  /// A field of training time as whole epochs.
  mutating func epochs(_ field: String, _ record: RecordValue, _ clock: TrainingClock) -> Int? {
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

  mutating func interval(_ every: RecordValue, _ clock: TrainingClock) -> Int? {
    epochs("interval", every, clock)
  }

  mutating func schedule(
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
    guard checkBackbone(backbone, images) else { return nil }
    return ContrastiveModel.Configuration(
      encoder: ModelWords.configuration(backbone, channels: images.channels),
      hidden: projector["hidden"]?.intValue, projection: projector["output"]?.intValue)
  }

  // MARK: Optimiser

  private mutating func optimizer(_ clock: TrainingClock, epochs: Int) -> OptimizerPlan? {
    let words = record.record("optimizer")
    guard let rate = schedule("lr", words, clock, epochs: epochs) else { return nil }
    return OptimizerPlan(
      rule: OptimizerWords.rule(words), rate: rate, update: words.member("pace") == "step" ? .everyStep : .everyEpoch,
      weightDecay: words.float("weight_decay"))
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
}
