import Foundation

/// The runs under a folder, newest first.
public struct RunList: Sendable {
  public struct Arm: Hashable, Sendable {
    public let name: String
    public let identity: String
    /// Nil while the arm is not done.
    public let result: ArmResult?
    /// Last step in the log, 0 before the first.
    public let lastStep: Int
    /// Whether its result or its recipe is there and cannot be read.
    public let isDamaged: Bool

    /// `done`, `damaged` or how far it is.
    public var state: String { isDamaged ? "damaged" : result == nil ? "step \(lastStep)" : "done" }
  }

  public struct Run: Sendable {
    /// Relative to the folder asked for; `.` for that folder itself.
    public let path: String
    public let changed: Date
    public let arms: [Arm]
  }

  public let runs: [Run]

  /// Looks `depth` folders deep. Throws ``RunStoreError`` if `root` is not a folder.
  public init(under root: URL, depth: Int = 3) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path(percentEncoded: false), isDirectory: &isFolder),
      isFolder.boolValue
    else { throw RunStoreError(root, "no such folder; runs are where `harmonia run --out` put them") }
    var found: [Run] = []
    Self.visit(root, path: "", depth: depth, &found)
    runs = found.sorted { ($1.changed, $0.path) < ($0.changed, $1.path) }
  }

  private static func visit(_ folder: URL, path: String, depth: Int, _ found: inout [Run]) {
    let run = RunFolder(folder)
    let names = run.armNames
    guard names.isEmpty else {
      found.append(Run(path: path.isEmpty ? "." : path, changed: changed(run, names), arms: names.map { arm(run, $0) }))
      return
    }
    guard depth > 0 else { return }
    let children = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    for child in children.sorted(by: { $0.path < $1.path }) where child.hasDirectoryPath {
      let name = child.lastPathComponent
      if name.hasPrefix(".") { continue }
      visit(child, path: path.isEmpty ? name : "\(path)/\(name)", depth: depth - 1, &found)
    }
  }

  private static func arm(_ run: RunFolder, _ name: String) -> Arm {
    let folder = run.arm(name)
    let started = Result { try folder.startedWith().identity }
    let result = Result { try folder.finishedResult() }
    let lastStep = MetricsLog.read(folder.metrics).last?.step ?? 0
    do {
      return Arm(
        name: name, identity: try started.get(), result: try result.get(), lastStep: lastStep, isDamaged: false)
    } catch {
      return Arm(
        name: name, identity: (try? started.get()) ?? "?", result: (try? result.get()) ?? nil, lastStep: lastStep,
        isDamaged: true)
    }
  }

  private static func changed(_ run: RunFolder, _ names: [String]) -> Date {
    let urls = [run.result] + names.flatMap { [run.arm($0).metrics, run.arm($0).recipe] }
    let dates = urls.compactMap {
      try? FileManager.default.attributesOfItem(atPath: $0.path(percentEncoded: false))[.modificationDate] as? Date
    }
    return dates.max() ?? .distantPast
  }
}

extension RunList {
  /// A line an arm: run, time, arm, state and scores. A sentence if there is nothing.
  public var text: String {
    guard !runs.isEmpty else { return "no runs here" }
    var rows = [["run", "changed", "arm", "state", "Many", "Medium", "Few", "Std", "Average"]]
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd HH:mm"
    for run in runs {
      for arm in run.arms {
        let scores = arm.result?.scores
        rows.append(
          [run.path, format.string(from: run.changed), arm.name, arm.state]
            + [scores?.many, scores?.medium, scores?.few, scores?.std, scores?.average].map(ScoreTable.percent))
      }
    }
    return ScoreTable.aligned(rows)
  }

  public var json: JSONValue {
    .array(
      runs.map { run in
        .object([
          "run": .string(run.path), "changed": .string(run.changed.formatted(.iso8601)),
          "arms": .array(
            run.arms.map { arm in
              .object([
                "name": .string(arm.name), "identity": .string(arm.identity), "done": .bool(arm.result != nil),
                "damaged": .bool(arm.isDamaged),
                "last_step": .int(arm.lastStep), "result": arm.result?.json ?? .null,
              ])
            }),
        ])
      })
  }
}
