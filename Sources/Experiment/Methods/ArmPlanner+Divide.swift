import DataPipeline
import NeuralNet
import RecipeLanguage
import Training

/// From the words of `dnc(…)` to the plans of its stages: each is the recipe itself with the stage's epochs for `length`, and
/// the method inside for `method`.
extension ArmPlanner {
  /// The `dnc(…)` of the recipe; nil for another method.
  var dividing: RecordValue? {
    let method = record.record("method")
    if method.type == "dnc" { return method }
    guard method.type == "harmonized", method.record("method").type == "dnc" else { return nil }
    return method.record("method")
  }

  /// What base model and experts minimise: the method inside, with the recipe's GH.
  private func inside(_ dnc: RecordValue) -> Value {
    let method = record.record("method")
    guard method.type == "harmonized", let place = method.fields.firstIndex(where: { $0.name == "method" }) else {
      return .record(dnc.record("method"))
    }
    return .record(
      method.replacing(place, by: .record(dnc.record("method")), method.fields[place].provenance))
  }

  mutating func divided(_ dnc: RecordValue, _ images: ImagePlan, _ clock: TrainingClock, epochs: Int) -> ArmPlan? {
    guard let shares = shares(dnc, epochs), checkClusters(dnc, images) else { return nil }
    let inner = recipe.replacing("method", by: inside(dnc)).replacing("checkpoint", by: .none)
    func plan(_ name: String, _ epochs: Int, _ role: Role, note: String = "") -> ArmPlan? {
      var recipe = inner.replacing("length", by: .quantity(.epochs(epochs)))
      if case .student = role {} else { recipe = recipe.replacing("evaluate", by: .none) }
      var planner = ArmPlanner(recipe, library: library, role: role)
      let plan = planner.plan()
      // What concerns all stages alike is said once.
      for var problem in planner.problems
      where !problems.contains(where: { $0.code.id == problem.code.id && $0.primary.span == problem.primary.span }) {
        problem.notes.append("in the stage `\(name)`, which has \(epochs) epoch\(epochs == 1 ? "" : "s")" + note)
        problems.append(problem)
      }
      return plan
    }
    let clusters = dnc.int("clusters")
    func some(_ count: Int) -> ImagePlan { images.on(images.training.evenly(count)) }
    guard let base = plan("base", shares[0], .whole),
      let expert = plan("experts", shares[1], .expert(some(max(2, images.trainingCount / clusters)))),
      // How large clusters are turns out after hours of training: what does not fit the smallest is said now.
      plan("experts", shares[1], .expert(some(2)), note: "; in a cluster of two images each is one step") != nil,
      let student = plan("distill", shares[2], .student)
    else { return nil }
    let features = student.model.encoder.features
    let divide = DividePlan(
      clusters: clusters, hidden: dnc["hidden"]?.intValue ?? features, startsFromBase: dnc.member("from") == "base",
      studentStartsFromBase: dnc.member("student") == "base", base: base, expert: expert, student: student)
    // On the way there are other networks.
    var evaluation = student.evaluation
    evaluation?.every = nil
    return ArmPlan(
      recipe: recipe, seed: student.seed, images: images, clock: clock, epochs: epochs, model: student.model,
      convolution: student.convolution, method: base.method, optimizer: base.optimizer,
      evaluation: evaluation, circle: student.circle, snapshots: nil, divide: divide)
  }

  /// Epochs of base model, experts and distillation.
  private mutating func shares(_ dnc: RecordValue, _ epochs: Int) -> [Int]? {
    let names = ["base", "experts", "distill"]
    let amounts = names.map { dnc.quantity($0).doubleValue * Double(epochs) }
    for (name, amount) in zip(names, amounts) where abs(amount - amount.rounded()) > 1e-9 || amount < 0.5 {
      report(
        PlanCode.stages, "`\(name): \(dnc.quantity(name))` of \(epochs) epochs is \(PlanText.number(amount)), no whole number of "
          + "them", at: dnc.span(of: name), secondary: [.init(record.span(of: "length"), "the length")],
        help: "each stage needs whole epochs: change the shares, or the length")
      return nil
    }
    return amounts.map { Int($0.rounded()) }
  }

  private mutating func checkClusters(_ dnc: RecordValue, _ images: ImagePlan) -> Bool {
    let clusters = dnc.int("clusters")
    guard 2 * clusters > images.trainingCount else { return true }
    report(
      PlanCode.stages, "\(clusters) clusters are looked for among \(images.trainingCount) images", at: dnc.span(of: "clusters"),
      secondary: [.init(record.record("data").span(of: "source"), "the images")],
      help: "an expert needs two images at least, and many to learn something: "
        + (images.trainingCount >= 4 ? "use at most \(images.trainingCount / 2) clusters" : "train on more images"))
    return false
  }
}

extension ImagePlan {
  /// The same, trained on some of the images.
  func on(_ training: any ImageSource) -> ImagePlan {
    var selected = selected
    selected.training = training
    return ImagePlan(selected: selected, views: views)
  }
}
