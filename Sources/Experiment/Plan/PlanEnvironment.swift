import Foundation
import Kernels
import RecipeLanguage
import VisibleText

/// What a run will find on this machine: files, room, and runs that could go on.
public struct PlanEnvironment: Sendable {
  /// A file or folder that a recipe names.
  public struct File: Hashable, Sendable {
    /// As the recipe writes it.
    public let written: String
    /// Where it was looked for.
    public let path: String
    /// Nil for a folder, and where nothing was found.
    public let bytes: Int?
    public let isFound: Bool
  }

  /// A run that has a recipe of this plan already.
  public struct Candidate: Hashable, Sendable {
    public let recipe: String
    public let folder: String
    /// `done`, or how far it is.
    public let state: String
  }

  public let files: [File]
  /// Where runs are put.
  public let runs: String
  /// Why nothing can be written there; nil if it can.
  public let obstacle: String?
  /// Bytes free on the disk of ``runs``; nil where the system does not say.
  public let freeDisk: Int?
  /// Bytes of memory of the machine.
  public let memory: Int
  public let threads: Int
  public let candidates: [Candidate]

  /// - Parameters:
  ///   - runs: the folder of a run (`--out`), or the one in which runs are numbered.
  ///   - memory: bytes to hold plans against; nil for the machine's.
  init(_ recipes: [ResolvedRecipe], runs: URL, memory: Int? = nil) {
    files = recipes.flatMap { Self.files($0.record.record("data").record("source")) }.uniqued()
    self.runs = runs.relativePath
    let existing = Self.existing(runs)
    obstacle = Self.obstacle(existing, runs)
    freeDisk = Self.freeBytes(existing)
    self.memory = memory ?? MemoryLimit.memory
    threads = Threads.count
    candidates = Self.candidates(recipes, runs)
  }

  // MARK: Files

  private static func files(_ source: RecordValue) -> [File] {
    source.fields.flatMap { field -> [File] in
      switch field.value {
      case .record(let inner): files(inner)
      case .string(let text): [file(text, recipe: source.span(of: field.name).file.name)]
      default: []
      }
    }
  }

  private static func file(_ written: String, recipe: String) -> File {
    let url = RecipePaths.url(written, recipe: recipe)
    let path = url.path(percentEncoded: false)
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let isFile = attributes?[.type] as? FileAttributeType == .typeRegular
    return File(
      written: written, path: path, bytes: isFile ? (attributes?[.size] as? Int) : nil,
      isFound: FileManager.default.fileExists(atPath: path))
  }

  // MARK: Room

  /// The folder itself or the nearest one above it that is there.
  private static func existing(_ folder: URL) -> URL {
    var folder = folder.standardizedFileURL
    // `path` has no slash at its end, with which no file is found.
    while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
      folder = folder.deletingLastPathComponent()
    }
    return folder
  }

  private static func obstacle(_ existing: URL, _ runs: URL) -> String? {
    let path = existing.path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return "\(existing.path) is a file"
    }
    guard access(path, W_OK | X_OK) == 0 else { return "\(path): \(String(cString: strerror(errno)))" }
    return nil
  }

  static func freeBytes(_ folder: URL) -> Int? {
    var system = statvfs()
    guard statvfs(folder.path(percentEncoded: false), &system) == 0 else { return nil }
    return Int(system.f_bavail) * Int(system.f_frsize)
  }

  // MARK: Runs

  private static func candidates(_ recipes: [ResolvedRecipe], _ runs: URL) -> [Candidate] {
    guard let list = try? RunList(under: runs) else { return [] }
    let names = Dictionary(recipes.map { ($0.identity, $0.name) }, uniquingKeysWith: { first, _ in first })
    return list.runs.flatMap { run in
      run.everything.compactMap { arm in
        names[arm.identity].map { name in
          let place = run.path == "." ? runs.relativePath : "\(runs.relativePath)/\(run.path)"
          return Candidate(recipe: name, folder: "\(place)/\(arm.place)", state: arm.state)
        }
      }
    }
  }
}

// MARK: - Findings

extension PlanEnvironment {
  /// What stands in the way of runs that cost this much; warnings for what may go well.
  func problems(_ arms: [ArmPlan], _ costs: [ArmCost]) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    guard let first = arms.first else { return problems }
    if let obstacle {
      problems.append(
        Diagnostic(
          PlanCode.runsFolder, "nothing can be written into `\(runs)`: \(obstacle)", at: first.recipe.span,
          label: "this run", help: "choose another folder with --out, or make this one writable"))
    }
    if let (arm, cost) = zip(arms, costs).max(by: { $0.1.memory < $1.1.memory }), cost.memory > memory {
      problems.append(
        Diagnostic(
          PlanCode.memory,
          "about \(PlanText.bytes(cost.memory)) of memory are needed, and this "
            + "\(memory < MemoryLimit.machine ? "process may have" : "machine has") \(PlanText.bytes(memory))",
          at: arm.recipe.record.record("data").span(of: "batch"), label: "memory grows with the batch",
          secondary: [.init(arm.recipe.record.span(of: "model"), "and with the network")],
          notes: ["in recipe `\(arm.name)`"], help: "use a smaller batch or a narrower network"))
    }
    if let room = MemoryLimit.addressSpace, let (arm, cost) = zip(arms, costs).max(by: { $0.1.memory < $1.1.memory }),
      cost.memory > room
    {
      problems.append(
        Diagnostic(
          PlanCode.memory, severity: .error,
          "about \(PlanText.bytes(cost.memory)) of memory are needed, and this process may have \(PlanText.bytes(room))",
          at: arm.recipe.record.record("data").span(of: "batch"), label: "memory grows with the batch",
          notes: ["in recipe `\(arm.name)`"], help: "raise `ulimit -v` or `ulimit -d`, or use a smaller batch or a narrower network"))
    }
    let disk = costs.reduce(0) { $0 + $1.disk }
    if let freeDisk, disk > freeDisk {
      let arm = arms.first { $0.snapshots != nil } ?? first
      problems.append(
        Diagnostic(
          PlanCode.disk,
          "about \(PlanText.bytes(disk)) will be written, and \(PlanText.bytes(freeDisk)) are free in `\(runs)`",
          at: arm.recipe.record.span(of: "checkpoint"), label: "each kept checkpoint stays",
          help: "keep fewer checkpoints, free some space, or choose another --out"))
    }
    return problems
  }
}

// MARK: - Text

extension PlanEnvironment {
  var lines: [String] {
    var lines = ["environment"]
    for file in files {
      let state = file.isFound ? file.bytes.map(PlanText.bytes) ?? "a folder" : "NOT FOUND"
      lines.append("  file       \(file.path.visibleLine): \(state)")
    }
    lines.append("  runs in    \(runs.visibleLine): \(obstacle?.visibleLine ?? "can be written")")
    if let freeDisk { lines.append("  free disk  \(PlanText.bytes(freeDisk))") }
    lines.append("  machine    \(PlanText.bytes(memory)) of memory, \(threads) thread\(threads == 1 ? "" : "s")")
    for candidate in candidates {
      lines.append("  there      \(candidate.recipe) in \(candidate.folder): \(candidate.state)".visibleLine)
    }
    return lines
  }

  var json: JSONValue {
    .object([
      "files": .array(
        files.map { file in
          .object([
            "written": .string(file.written), "path": .string(file.path), "found": .bool(file.isFound),
            "bytes": file.bytes.map { .int($0) } ?? .null,
          ])
        }),
      "runs": .string(runs), "writable": .bool(obstacle == nil), "free_disk_bytes": freeDisk.map { .int($0) } ?? .null,
      "memory_bytes": .int(memory), "threads": .int(threads),
      "candidates": .array(
        candidates.map { candidate in
          .object([
            "recipe": .string(candidate.recipe), "folder": .string(candidate.folder), "state": .string(candidate.state),
          ])
        }),
    ])
  }
}
