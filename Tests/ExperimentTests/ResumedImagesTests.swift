import Experiment
import Foundation
import TestSupport
import Testing

/// A run goes on only with the images it was started with, and says what has changed.
@Suite(.serialized) struct ResumedImagesTests {
  /// Its images as IDX files, of which pixels and labels are changed.
  private func started(_ tiny: TinyExperiment, stopAfter: Int? = 5) {
    let status = tiny.command(out: "run", recipes: ["harmonious"], stopAfter: stopAfter).run(Lines().console)
    #expect(status == (stopAfter == nil ? .success : .interrupted))
  }

  private func resumed(_ tiny: TinyExperiment) -> (Experiment.ExitStatus, String) {
    let lines = Lines()
    let status = tiny.command(out: "run", resume: true, recipes: ["harmonious"]).run(lines.console)
    return (status, lines.all)
  }

  private func change(_ tiny: TinyExperiment, _ file: String, _ edit: (inout Data) -> Void) throws {
    var data = try tiny.data(file)
    edit(&data)
    try data.write(to: tiny.folder.file(file))
  }

  @Test(arguments: [
    ("train-images", 16 + 14 * 14 * 4 + 3), ("test-images", 16 + 7), ("test-labels", 9),
  ], [5, nil])
  func anotherFileIsRefusedAndNothingIsTouched(file: (String, Int), stop: Int?) throws {
    let tiny = try TinyExperiment()
    started(tiny, stopAfter: stop)
    let before = try tiny.data("run/harmonious/metrics.jsonl")
    try change(tiny, file.0) { $0[file.1] = file.0.hasSuffix("labels") ? ($0[file.1] + 1) % 3 : $0[file.1] ^ 1 }
    let (status, said) = resumed(tiny)
    #expect(status == .failedRun && said.contains("E1037"), "\(said)")
    #expect(!said.contains("momentum_scores"))
    #expect(try tiny.data("run/harmonious/metrics.jsonl") == before)
    try change(tiny, file.0) { $0[file.1] = file.0.hasSuffix("labels") ? ($0[file.1] + 2) % 3 : $0[file.1] ^ 1 }
    #expect(resumed(tiny).0 == .success)
  }

  @Test func aFolderThatDoesNotSayGoesOnAndSaysSo() throws {
    let tiny = try TinyExperiment()
    started(tiny)
    try FileManager.default.removeItem(at: tiny.folder.file("run/harmonious/images.json"))
    let (status, said) = resumed(tiny)
    #expect(status == .success && said.contains("does not say what its images were"), "\(said)")
    #expect(tiny.exists("run/harmonious/images.json"))
  }

  @Test func armsThatAreComparedHadTheSameImages() throws {
    let tiny = try TinyExperiment()
    started(tiny, stopAfter: nil)
    try change(tiny, "train-labels") { $0.swapAt(9, 10) }
    let lines = Lines()
    #expect(tiny.command(out: "run", resume: true, recipes: ["plain"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("E1037") && lines.all.contains("run/harmonious") && !tiny.exists("run/plain"), "\(lines.all)")
    // Of other images there is nothing to compare.
    let other = ["data.source=\(source(tiny, "test"))"]
    #expect(tiny.command(out: "run", resume: true, set: other, recipes: ["plain"]).run(Lines().console) == .success)
  }

  @Test func probesMayHaveOtherImagesThanBefore() throws {
    let tiny = try TinyExperiment()
    started(tiny, stopAfter: nil)
    func evaluate(_ probe: String) -> (Experiment.ExitStatus, String) {
      let lines = Lines()
      let recipe = RecipeRequest(file: tiny.recipe.path, overrides: ["evaluate=\(probe)"], recipes: ["harmonious"])
      return (EvaluateCommand(recipe: recipe, folder: tiny.folder.file("run").path).run(lines.console), lines.all)
    }
    for kind in ["images", "labels"] { try tiny.data("train-\(kind)").write(to: tiny.folder.file("own-\(kind)")) }
    let tail = "source: \(source(tiny, "own")).long_tail(imbalance: 4)"
    for words in [tail, "source: \(source(tiny, "test"))", tail + ", train: .training"] {
      let (status, said) = evaluate("linear_probe(epochs: 1, \(words))")
      #expect(status == .success, "\(words): \(said)")
    }
    // Those that they had before must be the same.
    try change(tiny, "own-images") { $0[40] ^= 1 }
    let (_, said) = evaluate("linear_probe(epochs: 2, \(tail))")
    #expect(said.contains("E1037") && said.contains("images of idx("), "\(said)")
  }

  /// Some of its files, by absolute paths, as overrides are relative to the folder of the process.
  private func source(_ tiny: TinyExperiment, _ training: String) -> String {
    func file(_ name: String) -> String { "\"\(tiny.folder.file(name).path)\"" }
    return "idx(\(file("\(training)-images")), labels: \(file("\(training)-labels")), "
      + "test_images: \(file("test-images")), test_labels: \(file("test-labels")))"
  }

  @Test func evaluateSaysWhatItCannotTell() throws {
    let tiny = try TinyExperiment()
    started(tiny, stopAfter: nil)
    try FileManager.default.removeItem(at: tiny.folder.file("run/harmonious/images.json"))
    let lines = Lines()
    let command = EvaluateCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, recipes: ["harmonious"]), folder: tiny.folder.file("run").path)
    #expect(command.run(lines.console) == .success && lines.all.contains("does not say what its images were"), "\(lines.all)")
  }

  @Test func evaluateChecksToo() throws {
    let tiny = try TinyExperiment()
    started(tiny, stopAfter: nil)
    try change(tiny, "test-images") { $0[40] ^= 1 }
    let lines = Lines()
    let command = EvaluateCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, recipes: ["harmonious"]), folder: tiny.folder.file("run").path, again: true)
    #expect(command.run(lines.console) == .failedRun && lines.all.contains("E1037"), "\(lines.all)")
  }
}
