import DataPipeline
import Evaluation
import RecipeLanguage

extension ArmPlanner {
  mutating func evaluation(_ clock: TrainingClock, _ images: ImagePlan) -> EvaluationPlan? {
    let every = record["evaluate"]?.recordValue.flatMap { $0.type == "every" ? interval($0, clock) : nil }
    let records = EvaluationWords.probes(record["evaluate"])
    if let first = records.first, first.type == "fine_tuning", every != nil {
      report(
        PlanCode.purpose, "`every` measures by its first probe on the way, and `fine_tuning` is a training of its own",
        at: first.span, help: "put another probe first, such as `every(20ep, [linear_probe(), fine_tuning()])`")
    }
    let probes = zip(records, EvaluationWords.names(records)).compactMap { probe($0, name: $1, images) }
    return probes.isEmpty ? nil : EvaluationPlan(probes: probes, every: every)
  }

  private mutating func probe(_ probe: RecordValue, name: String, _ images: ImagePlan) -> ProbePlan? {
    var transfer: SelectedImages?
    if let source = probe["source"]?.recordValue {
      guard let found = self.transfer(source, probe, images) else { return nil }
      transfer = found
    }
    let place = transfer == nil ? record.record("data").span(of: "source") : probe.span(of: "source")
    let selected = transfer ?? images.selected
    guard selected.training.labels != nil, selected.test?.labels != nil else {
      let missing = selected.training.labels != nil ? "test images" : "labels"
      report(
        selected.training.labels != nil ? PlanCode.evaluation : PlanCode.labels,
        "`\(probe.type)` needs \(missing), and these images have none",
        at: probe.span, secondary: [.init(place, "the images")],
        help: transfer == nil ? "leave `evaluate` out, or use a source with \(missing)" : "use a source with \(missing)")
      return nil
    }
    let seed = UInt64(record.int("seed"))
    let plan = ProbePlan(
      name: name, probe: EvaluationWords.probe(probe, seed: seed), groups: EvaluationWords.rule(probe),
      onTrainingImages: probe.type == "fine_tuning" || probe.member("train") == "training", shots: probe["shots"]?.intValue, seed: seed,
      transfer: transfer, transferText: probe["source"]?.recordValue.map { Value.record($0).canonicalText })
    return checkClasses(plan, probe, images) && checkShots(plan, probe, images) && checkProbe(plan, probe, images)
      ? plan : nil
  }

  /// Whether there is anything to tell apart.
  private mutating func checkClasses(_ plan: ProbePlan, _ probe: RecordValue, _ images: ImagePlan) -> Bool {
    let source = plan.learning(images)
    let counts = source.classCounts
    let learnt = counts.indices.filter { counts[$0] > 0 }
    guard learnt.count < 2 else { return true }
    let names = learnt.map { ", \(source.classNames[$0])" }.joined()
    report(
      PlanCode.evaluation, "`\(probe.type)` tells classes apart, and the images it learns from are of one alone\(names)",
      at: probe.span, secondary: [.init(record.record("data").span(of: "source"), "the images")],
      help: "leave `evaluate` out, or use images of two classes at least")
    return false
  }

  /// Another data set, opened; nil after a report.
  private mutating func transfer(_ source: RecordValue, _ probe: RecordValue, _ images: ImagePlan) -> SelectedImages? {
    do {
      let found = try library.open(source)
      guard found.training.channels == images.channels else {
        report(
          PlanCode.data, "images of \(found.training.channels) channels cannot go through a network for \(images.channels)",
          at: source.span, secondary: [.init(record.record("data").span(of: "source"), "what it is trained on")],
          help: "use a data set of \(images.channels) channels: colour has 3, grey 1")
        return nil
      }
      return found
    } catch let problem as ImageLibrary.Problem {
      report(problem.code, problem.message, at: problem.span, help: problem.help)
    } catch {
      report(PlanCode.data, "\(error)", at: probe.span(of: "source"))
    }
    return nil
  }

  /// Whether each class has as many images as are to be drawn.
  private mutating func checkShots(_ plan: ProbePlan, _ probe: RecordValue, _ images: ImagePlan) -> Bool {
    let source = plan.learning(images)
    let counts = source.classCounts
    guard let shots = plan.shots, let least = counts.min(), least < shots, let label = counts.firstIndex(of: least) else {
      return true
    }
    let all = plan.onTrainingImages ? ", or learn from the images before `long_tail` with `train: .all`" : ""
    report(
      PlanCode.shots, "\(shots) images of each class are asked for, and class \(label) (\(source.classNames[label])) has \(least)",
      at: probe.span(of: "shots"), help: (least > 0 ? "write at most `shots: \(least)`" : "leave `shots` out") + all)
    return false
  }

  /// What a probe says of itself that only the images can contradict, or that contradicts itself.
  private mutating func checkProbe(_ plan: ProbePlan, _ probe: RecordValue, _ images: ImagePlan) -> Bool {
    let before = problems.count
    if probe.type == "linear_probe", probe.float("final_lr") > probe.float("lr") {
      report(
        PlanCode.probeRates, "`final_lr` \(probe.float("final_lr")) is above `lr` \(probe.float("lr"))",
        at: probe.span(of: "final_lr"), secondary: [.init(probe.span(of: "lr"), "the first rate")],
        help: "write a smaller `final_lr` or a larger `lr`")
    }
    let field = probe.type == "linear_probe" ? "neighbours" : "k"
    let learnt = plan.learnt(images)
    if let wanted = probe[field]?.intValue, wanted > learnt {
      report(
        PlanCode.neighbours, "\(wanted) neighbours are looked for among \(learnt) images", at: probe.span(of: field),
        help: "write at most `\(field): \(learnt)`")
    }
    return problems.count == before
  }
}
