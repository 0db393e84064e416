/// What all arms of a plan cost together. Arms of one identity are run once.
struct PlanTotal {
  let runs: Int
  let arms: Int
  let seconds: Double
  let memory: Int
  let disk: Int

  init(_ plans: [PlanText]) {
    var seen: Set<String> = []
    let once = plans.filter { seen.insert($0.arm.identity).inserted }
    arms = plans.count
    runs = once.count
    seconds = once.reduce(0) { $0 + $1.cost.seconds }
    memory = once.map(\.cost.memory).max() ?? 0
    disk = once.reduce(0) { $0 + $1.cost.disk }
  }

  /// `2 to run, about 1:20 on this machine; at most 210.0 MiB of memory, 5.0 MiB of disk`
  var text: String {
    guard runs > 0 else { return "nothing to run" }
    let same = arms > runs ? " (\(arms) recipes and cells, some of which are the same)" : ""
    return "\(runs) to run\(same), about \(ProgressReport.clock(seconds)) on this machine; at most "
      + "\(PlanText.bytes(memory)) of memory, \(PlanText.bytes(disk)) of disk"
  }

  var json: JSONValue {
    .object([
      "runs": .int(runs), "seconds": .number(seconds), "memory_bytes": .int(memory), "disk_bytes": .int(disk),
    ])
  }
}
