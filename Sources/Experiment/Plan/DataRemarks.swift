import DataPipeline
import Evaluation
import VisibleText

/// What a user has to know of an arm's images beside their number: what lies at their place and was not taken, and
/// which classes cannot be learnt or measured. Plan, run, `embed`, report and `result.json` all say this.
public struct DataRemarks: Hashable, Sendable {
  /// What was left out of one split.
  public struct Split: Hashable, Sendable {
    /// `training`, `test`; with the name of the probe where the images are its own.
    public var name: String
    public var leftOut: LeftOut
  }

  public private(set) var splits: [Split] = []
  /// About classes and groups, a sentence each.
  public private(set) var warnings: [String] = []

  /// A line for each reason and split, then the warnings; names, which may hold anything, stay on their line.
  public var lines: [String] {
    let leftOut = splits.flatMap { split in split.leftOut.entries.map { "left out of the \(split.name) images: \($0)" } }
    return (leftOut + warnings.map { "warning: \($0)" }).map(\.visibleLine)
  }

  public init() {}

  init(_ leftOut: LeftOut, name: String) { add(leftOut, name) }

  init(_ images: ImagePlan, _ evaluation: EvaluationPlan?) {
    add(images.selected, "")
    for probe in evaluation?.probes ?? [] {
      if let transfer = probe.transfer { add(transfer, "\(probe.name)'s ") }
      addGroups(probe, images)
    }
  }

  private mutating func add(_ images: SelectedImages, _ prefix: String) {
    add(images.training.leftOut, prefix + "training")
    if let test = images.test { add(test.leftOut, prefix + "test") }
    if let test = images.test, test.labels == nil, test.points == nil {
      warn("the \(test.count) \(prefix)test images have no labels and are not used")
    }
    guard images.training.labels != nil else { return }
    let names = images.training.classNames
    let (kept, before) = (images.training.classCounts, images.pool.classCounts)
    warn(prefix, "no training image", names, kept.indices.filter { kept[$0] == 0 && before[$0] == 0 }, "")
    warn(prefix, "no training image left", names, kept.indices.filter { kept[$0] == 0 && before[$0] > 0 }, "")
    if let test = images.test, test.labels != nil {
      let tested = test.classCounts
      let missing = tested.indices.filter { tested[$0] == 0 }
      warn(prefix, "no test image", names, missing, "; averages are over the other \(names.count - missing.count)")
    }
  }

  private mutating func add(_ leftOut: LeftOut, _ name: String) {
    guard !leftOut.isEmpty, !splits.contains(where: { $0.name == name && $0.leftOut == leftOut }) else { return }
    splits.append(Split(name: name, leftOut: leftOut))
  }

  /// `2 of 10 classes have no test image: cat, dog; averages are over the other 8`
  private mutating func warn(_ prefix: String, _ what: String, _ names: [String], _ classes: [Int], _ consequence: String) {
    guard !classes.isEmpty else { return }
    let (has, listed) = (classes.count == 1 ? "has" : "have", classes.prefix(10).map { names[$0] }.joined(separator: ", "))
    let more = classes.count > 10 ? ", …" : ""
    warn("\(classes.count) of \(prefix)\(names.count) classes \(has) \(what): \(listed)\(more)\(consequence)")
  }

  private mutating func warn(_ text: String) {
    if !warnings.contains(text) { warnings.append(text) }
  }

  /// Groups whose mean there will be none of.
  private mutating func addGroups(_ probe: ProbePlan, _ images: ImagePlan) {
    let counts = probe.transfer?.training.classCounts ?? images.classCounts ?? []
    let tested = probe.testing(images).classCounts
    func empty(_ rule: GroupAccuracy.Rule) -> [String] {
      guard let groups = try? GroupAccuracy.groups(classCounts: counts, rule: rule) else { return [] }
      return GroupAccuracy.Group.allCases.filter { group in
        !groups.indices.contains { groups[$0] == group && $0 < tested.count && tested[$0] > 0 }
      }.map(\.rawValue)
    }
    let missing = empty(probe.groups)
    guard !missing.isEmpty else { return }
    let other: (name: String, rule: GroupAccuracy.Rule) =
      probe.groups == .thirds ? (".counts", .absolute) : (".thirds", .thirds)
    let remedy = empty(other.rule).isEmpty ? "; with `groups: \(other.name)` each group has one" : ""
    warn("no class that is measured is \(missing.joined(separator: " or ")), which is shown as –\(remedy)")
  }
}

extension DataRemarks {
  /// For programs, with a few of what was left out by name.
  var json: JSONValue {
    .object(["left_out": .array(splits.flatMap(Self.entries)), "warnings": .strings(warnings)])
  }

  /// As it was written; what is not known is passed over.
  init(_ json: JSONValue) {
    for entry in json["left_out"]?.elements ?? [] {
      guard let name = entry["images"]?.text, let reason = entry["reason"]?.text.flatMap(LeftOut.Reason.init(word:)),
        let count = entry["count"]?.integer
      else { continue }
      let known = LeftOut.Entry(
        reason: reason, count: count, examples: entry["examples"]?.elements?.compactMap(\.text) ?? [])
      if splits.last?.name != name { splits.append(Split(name: name, leftOut: LeftOut())) }
      splits[splits.count - 1].leftOut.add(known)
    }
    warnings = json["warnings"]?.elements?.compactMap(\.text) ?? []
  }

  private static func entries(_ split: Split) -> [JSONValue] {
    split.leftOut.entries.map { entry in
      .object([
        "images": .string(split.name), "reason": .string(entry.reason.word), "count": .int(entry.count),
        "examples": .strings(entry.examples),
      ])
    }
  }
}
