import Foundation
import RecipeLanguage
import TensorFiles

/// `sweep.json`: every cell of a sweep, with what became of it so far.
struct SweepIndex {
  let sweep: ResolvedSweep
  let items: [RunItem]
  /// The run's folder, to which places are relative.
  let run: RunFolder

  func write() throws {
    let folder = run.sweep(sweep.name)
    try RunFolder.make(folder.root)
    try AtomicFile.write(json.document, to: folder.index)
  }

  private var json: JSONValue {
    let states = items.map { ArmState($0.folder) }
    func count(_ wanted: String) -> JSONValue { .int(states.count { $0.text == wanted }) }
    return .object([
      "schema": .string("harmonia.sweep/1"), "sweep": .string(sweep.name), "doc": .string(sweep.doc),
      "base": .string(sweep.base),
      "axes": .array(
        sweep.axes.map { .object(["name": .string($0.name), "values": .strings($0.values.map(\.canonicalText))]) }),
      "count": .int(items.count), "skipped": .int(sweep.skipped), "done": count("done"), "failed": count("failed"),
      "cells": .array(zip(items, states).map(cell)),
    ])
  }

  private func cell(_ item: RunItem, _ state: ArmState) -> JSONValue {
    var value: JSONValue = .object([
      "name": .string(item.plan.name), "identity": .string(item.plan.identity), "folder": .string(run.place(of: item.folder)),
      "axes": .object(item.axes.map { JSONValue.Field($0.name, .string($0.value.canonicalText)) }),
      "state": .string(Self.word(state)),
    ])
    switch state {
    case .begun(let step): value = value.adding(["step": .int(step)])
    case .failed(let failure):
      value = value.adding([
        "step": .int(failure.step), "code": .string(failure.code), "reason": .string(failure.message),
      ])
    case .done(let result):
      value = value.adding(["step": .int(result.steps), "loss": .number(result.finalLoss)])
      if let scores = result.scores { value = value.adding(["average": .number(scores.average)]) }
    case .waiting, .damaged: break
    }
    return value
  }

  private static func word(_ state: ArmState) -> String {
    if case .begun = state { "interrupted" } else { state.text }
  }
}

/// A `sweep.json` read back.
public struct StoredSweep: Sendable {
  public let name: String
  /// The names of its cells with their folders, in the sweep's order.
  public let cells: [(name: String, folder: ArmFolder)]

  /// Nil for a file that is none of ours.
  init?(_ folder: SweepFolder, in run: RunFolder) {
    guard let data = try? Data(contentsOf: folder.index), let value = try? JSONValue(parsing: data),
      let name = value["sweep"]?.text, let cells = value["cells"]?.elements
    else { return nil }
    self.name = name
    self.cells = cells.compactMap { cell in
      guard let name = cell["name"]?.text, let place = cell["folder"]?.text else { return nil }
      return (name, ArmFolder(place.hasPrefix("/") ? URL(filePath: place) : run.root.appending(path: place)))
    }
  }
}
