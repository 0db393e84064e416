import Foundation
import VisibleText

/// The runs under a folder, newest first.
public struct RunList: Sendable {
  public struct Arm: Sendable {
    public let name: String
    /// Its folder's place within the run.
    public let place: String
    public let identity: String
    /// Last step in the log, 0 before the first.
    public let lastStep: Int
    public let progress: ArmState

    /// `done`, `failed`, `damaged` or how far it is.
    public var state: String { progress.text }
    /// Nil while the arm is not done.
    public var result: ArmResult? { progress.result }
  }

  /// A sweep of a run.
  public struct Sweep: Sendable {
    public let name: String
    /// In the sweep's order; those that wait as well.
    public let cells: [Arm]

    /// `2 of 9 done, 1 failed`
    public var state: String {
      let (done, failed) = (cells.count { $0.result != nil }, cells.count { $0.state == "failed" })
      return "\(done) of \(cells.count) done" + (failed > 0 ? ", \(failed) failed" : "")
    }
  }

  public struct Run: Sendable {
    /// Relative to the folder asked for; `.` for that folder itself.
    public let path: String
    public let changed: Date
    public let arms: [Arm]
    public let sweeps: [Sweep]

    /// Its arms and the cells of its sweeps.
    public var everything: [Arm] { arms + sweeps.flatMap(\.cells) }
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
    let arms = run.arms
    let sweeps = run.sweeps
    guard arms.isEmpty, sweeps.isEmpty else {
      found.append(
        Run(
          path: path.isEmpty ? "." : path, changed: changed(run),
          arms: arms.map { arm($0, name: $0.root.lastPathComponent, in: folder) },
          sweeps: sweeps.compactMap { sweep in
            StoredSweep(sweep, in: run).map { stored in
              Sweep(name: stored.name, cells: stored.cells.map { arm($0.folder, name: $0.name, in: folder) })
            }
          }))
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

  private static func arm(_ folder: ArmFolder, name: String, in run: URL) -> Arm {
    let (root, path) = (run.standardizedFileURL.path, folder.root.standardizedFileURL.path)
    return Arm(
      name: name, place: path.hasPrefix(root) ? String(path.dropFirst(root.count).drop { $0 == "/" }) : path,
      identity: (try? folder.startedWith().identity) ?? "?",
      lastStep: MetricsLog.read(folder.metrics).last?.step ?? 0, progress: ArmState(folder))
  }

  private static func changed(_ run: RunFolder) -> Date {
    let urls = [run.result] + run.everything.flatMap { [$0.metrics, $0.recipe] } + run.sweeps.map(\.index)
    let dates = urls.compactMap {
      try? FileManager.default.attributesOfItem(atPath: $0.path(percentEncoded: false))[.modificationDate] as? Date
    }
    return dates.max() ?? .distantPast
  }
}

extension RunList {
  /// A line an arm: run, time, arm, state and scores; a line a sweep, and its cells under it. A sentence if there is
  /// nothing.
  public var text: String {
    guard !runs.isEmpty else { return "no runs here" }
    var rows = [["run", "changed", "arm", "state", "Many", "Medium", "Few", "Std", "Average"]]
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd HH:mm"
    for run in runs {
      func add(_ name: String, _ state: String, _ scores: ArmResult.Scores?) {
        rows.append(
          [run.path, format.string(from: run.changed), name, state]
            + [scores?.many, scores?.medium, scores?.few, scores?.std, scores?.average].map(ScoreTable.percent))
      }
      for arm in run.arms { add(arm.name, arm.state, arm.result?.scores) }
      for sweep in run.sweeps {
        add("sweep \(sweep.name)", sweep.state, nil)
        for cell in sweep.cells { add("  " + cell.name.dropFirst(sweep.name.count), cell.state, cell.result?.scores) }
      }
    }
    let failures = runs.flatMap { run in
      run.everything.compactMap { arm in
        if case .failed(let failure) = arm.progress { "\(run.path)/\(arm.place): \(failure.message)".visibleLine } else { nil }
      }
    }
    return ([ScoreTable.aligned(rows)] + (failures.isEmpty ? [] : ["", "failed:"] + failures)).joined(separator: "\n")
  }

  public var json: JSONValue {
    .array(
      runs.map { run in
        .object([
          "run": .string(run.path), "changed": .string(run.changed.formatted(.iso8601)),
          "arms": .array(run.arms.map(\.json)),
          "sweeps": .array(
            run.sweeps.map { .object(["name": .string($0.name), "cells": .array($0.cells.map(\.json))]) }),
        ])
      })
  }
}

extension RunList.Arm {
  var json: JSONValue {
    let failure: JSONValue = if case .failed(let failure) = progress { failure.json } else { .null }
    return .object([
      "name": .string(name), "folder": .string(place), "identity": .string(identity), "done": .bool(result != nil),
      "state": .string(state), "damaged": .bool(state == "damaged"), "failure": failure, "last_step": .int(lastStep),
      "result": result?.json ?? .null,
    ])
  }
}
