import Experiment
import Foundation
import TestSupport
import Testing

/// Sweeps: cells by identity, only what is missing, failures recorded, tables.
@Suite(.serialized) struct SweepTests {
  private static let sweep = """

    /// how warm
    sweep warmth from plain {
      axis method.temperature in [0.2, 0.5]
      axis seed in [5, 6]
    }
    """

  private func tiny(_ more: String = SweepTests.sweep) throws -> TinyExperiment {
    try TinyExperiment(TinyExperiment.standard.replacingOccurrences(of: "length = 4ep", with: "length = 2ep")
      .replacingOccurrences(of: "starts: 2ep", with: "starts: 1ep") + more)
  }

  private func index(_ tiny: TinyExperiment, _ path: String = "run/warmth/sweep.json") throws -> JSONValue {
    try JSONValue(parsing: try tiny.data(path))
  }

  private func states(_ index: JSONValue) -> [String?] { (index["cells"]?.elements ?? []).map { $0["state"]?.text } }

  private func cellFolders(_ tiny: TinyExperiment) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: tiny.folder.file("run/warmth").path)
      .filter { $0.contains("-") }.sorted()
  }

  @Test func whatIsPublishedStandsBesideTheCells() throws {
    func text(_ published: String) throws -> (Lines, String?) {
      let table = "pivot(warmth, rows: \"temperature\", columns: \"seed\", published: \(published))"
      let tiny = try tiny(Self.sweep + "\ntask beside needs warmth { save_table(\(table), \"beside.md\") }\n")
      let lines = Lines()
      _ = tiny.command(recipes: ["warmth"]).run(lines.console)
      return (lines, (try? tiny.data("run/beside.md")).map { String(decoding: $0, as: UTF8.self) })
    }
    let (said, found) = try text("[\"0.2 5\": \"61.20\", \"0.5 6\": \"4 epochs\", \"9.0 5\": \"of another sweep\"]")
    let rows = try #require(found, "\(said.all)").split(separator: "\n")
    #expect(rows[1] == "| method.temperature | seed 5 | published | seed 6 | published |")
    #expect(rows[3].hasPrefix("| 0.2 | ") && rows[3].contains(" | 61.20 | ") && rows[3].hasSuffix(" | – |"), "\(rows)")
    #expect(rows[4].hasSuffix(" | 4 epochs |") && rows[4].contains(" | – | "), "\(rows)")
    let (wrong, none) = try text("[\"9.0 5\": \"61.20\"]")
    #expect(none == nil && wrong.all.contains("there is no cell `9.0 5`, nor any of the others"), "\(wrong.all)")
    // Found before anything was trained.
    #expect(!wrong.all.contains("steps"), "\(wrong.all)")
  }

  /// A process that is killed in a task has left its report.
  @Test func theReportIsThereBeforeTasks() throws {
    let tiny = try tiny("\ntask t needs plain { print(\"in the task\") }\n")
    let report = tiny.folder.file("run/report.html").path
    let lines = Lines()
    let console = Console(
      out: { line in lines.console.out(line == "in the task" ? "\(line) \(FileManager.default.fileExists(atPath: report))" : line) },
      err: { lines.console.err($0) }, isTerminal: false, isOutputTerminal: false)
    _ = tiny.command(recipes: ["plain"]).run(console)
    #expect(lines.out.contains("in the task true"), "\(lines.all)")
  }

  @Test func everyCellHasItsFolderAndTheNumberIsKnownBefore() throws {
    let tiny = try tiny()
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .success, "\(lines.all)")
    let told = lines.err.firstIndex { $0.hasPrefix("sweep warmth: 4 cells") }
    let started = lines.err.firstIndex { $0.contains("21 images, 6 steps") }
    #expect(told != nil && started != nil && told! < started!, "\(lines.all)")
    #expect(lines.err.contains { $0.hasPrefix("4 to run, about ") }, "\(lines.all)")
    let folders = try cellFolders(tiny)
    #expect(folders.map { String($0.dropLast(9)) } == [
      "temperature=0.2,seed=5", "temperature=0.2,seed=6", "temperature=0.5,seed=5", "temperature=0.5,seed=6",
    ])
    let index = try index(tiny)
    #expect(states(index) == ["done", "done", "done", "done"])
    for cell in index["cells"]?.elements ?? [] {
      let (folder, identity) = (cell["folder"]?.text ?? "", cell["identity"]?.text ?? "")
      #expect(folder.hasSuffix("-" + identity.prefix(8)))
      #expect(tiny.exists("run/\(folder)/arm.json"))
    }
    #expect(index["done"]?.integer == 4 && index["axes"]?.elements?.count == 2)
  }

  @Test func theTableIsPrintedAndSaved() throws {
    let tiny = try tiny()
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .success, "\(lines.all)")
    #expect(lines.all.contains("warmth: scores, mean ± standard deviation of up to 2 runs"), "\(lines.all)")
    let markdown = try String(decoding: tiny.data("run/warmth/table.md"), as: UTF8.self)
    let rows = markdown.split(separator: "\n")
    #expect(rows[1] == "| method.temperature | many | medium | few | std | average | top1 | knn | inter_class | neighbourhood | "
        + "least_share | loss |")
    #expect(rows[2] == "|---|" + String(repeating: "---:|", count: 11))
    #expect(rows.count == 5 && rows[3].hasPrefix("| 0.2 | ") && rows[3].contains(" ± "))
    // The mean and deviation of the loss, from the results themselves.
    let arms = try JSONValue(parsing: try tiny.data("run/result.json"))["arms"]?.fields ?? []
    let losses = arms.filter { $0.name.contains("0.2") }.compactMap { $0.value["final_loss"]?.double }
    try #require(losses.count == 2)
    let mean = (losses[0] + losses[1]) / 2
    let deviation = abs(losses[0] - losses[1]) / 2.0.squareRoot()
    let csv = try String(decoding: tiny.data("run/warmth/table.csv"), as: UTF8.self).split(separator: "\n")
    #expect(csv[0] == "method.temperature,score,mean,std,runs")
    let line = try #require(csv.first { $0.hasPrefix("0.2,loss,") }).split(separator: ",")
    #expect(abs(try #require(Double(line[2])) - mean) < 1e-12 && line[4] == "2")
    #expect(abs(try #require(Double(line[3])) - deviation) < 1e-12)
  }

  @Test func aSecondRunDoesOnlyWhatIsMissing() throws {
    let tiny = try tiny()
    #expect(tiny.command(recipes: ["warmth"]).run(Lines().console) == .success)
    let before = try cellFolders(tiny)
    let again = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(again.console) == .success, "\(again.all)")
    #expect(again.err.contains { $0.hasPrefix("4 done before, nothing to run") }, "\(again.all)")
    // One value more on an axis: two cells more, the others stay.
    let text = try String(contentsOf: tiny.recipe, encoding: .utf8)
    try Data(text.replacingOccurrences(of: "in [0.2, 0.5]", with: "in [0.1, 0.2, 0.5]").utf8).write(to: tiny.recipe)
    let more = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(more.console) == .success, "\(more.all)")
    #expect(more.err.contains { $0.hasPrefix("4 done before, 2 to run") }, "\(more.all)")
    let after = try cellFolders(tiny)
    #expect(after.count == 6 && Set(before).isSubset(of: after))
  }

  @Test func aCellThatIsStoppedGoesOnToTheSameBits() throws {
    let tiny = try tiny()
    #expect(tiny.command(out: "whole", recipes: ["warmth"]).run(Lines().console) == .success)
    // Asked 12 times a cell, in 6 steps and between: in the second one.
    let stopped = Lines()
    #expect(tiny.command(recipes: ["warmth"], stopAfter: 16).run(stopped.console) == .interrupted)
    #expect(stopped.all.contains("go on with the same command"), "\(stopped.all)")
    #expect(states(try index(tiny)) == ["done", "interrupted", "waiting", "waiting"])
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .success, "\(lines.all)")
    #expect(lines.all.contains("going on from step"), "\(lines.all)")
    #expect(try tiny.data("whole/result.json") == tiny.data("run/result.json"))
    for folder in try cellFolders(tiny) {
      let checkpoint = "warmth/\(folder)/checkpoints/last.safetensors"
      #expect(try tiny.data("whole/\(checkpoint)") == tiny.data("run/\(checkpoint)"))
    }
  }

  @Test func aCellThatFailsIsRecordedAndTheOthersGoOn() throws {
    let tiny = try tiny(
      "\nsweep warmth from plain {\n  axis optimizer.lr in [1000, 0.1]\n  axis seed in [1, 2]\n"
        + "  optimizer.weight_decay = 1\n  length = 12ep\n}\n")
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .failedRun, "\(lines.all)")
    #expect(lines.all.contains("error[E1020]") && lines.all.contains("axis optimizer.lr in [1000, 0.1]"), "\(lines.all)")
    #expect(lines.all.contains("the other cells go on"))
    let index = try index(tiny)
    #expect(states(index) == ["failed", "failed", "done", "done"])
    #expect(index["cells"]?.elements?.first?["reason"]?.text?.contains("not finite in step") == true)
    #expect(tiny.exists("run/result.json") && tiny.exists("run/warmth/table.md"))
    // The numbers would fail again: left alone unless asked for.
    let again = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(again.console) == .failedRun)
    #expect(again.all.contains("--retry-failed") && !again.all.contains("E1020"), "\(again.all)")
    var command = tiny.command(recipes: ["warmth"])
    command.retryFailed = true
    let retried = Lines()
    #expect(command.run(retried.console) == .failedRun)
    #expect(retried.all.contains("error[E1020]"), "\(retried.all)")
  }

  @Test func theSameRunIsMadeOnce() throws {
    let tiny = try tiny()
    let lines = Lines()
    #expect(tiny.command().run(lines.console) == .success, "\(lines.all)")
    // `plain` is the cell of temperature 0.5 and seed 5.
    #expect(lines.all.contains("warmth[method.temperature: 0.5, seed: 5]: done before (6 steps, the same as plain)"))
    #expect(try cellFolders(tiny).count == 3)
    let arms = try JSONValue(parsing: try tiny.data("run/result.json"))["arms"]
    #expect(arms?.fields?.count == 6)
    #expect(arms?["plain"]?["average"] == arms?["warmth[method.temperature: 0.5, seed: 5]"]?["average"])
  }

  @Test func runsShowsSweeps() throws {
    let tiny = try tiny()
    #expect(tiny.command(recipes: ["warmth"], stopAfter: 15).run(Lines().console) == .interrupted)
    let lines = Lines()
    #expect(RunsCommand(folder: tiny.folder.url.path, json: false).run(lines.console) == .success)
    #expect(lines.all.contains("sweep warmth") && lines.all.contains("1 of 4 done"), "\(lines.all)")
    #expect(lines.all.contains("  [method.temperature: 0.2, seed: 5]") && lines.all.contains("waiting"), "\(lines.all)")
    let list = try RunList(under: tiny.folder.url)
    #expect(list.runs.first?.sweeps.first?.cells.map(\.state) == ["done", "step 2", "waiting", "waiting"])
  }

  @Test func cellsOfABaseAreRun() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(of: "seed = 5", with: "seed = 5\n  base = true\n  evaluate = none")
        .replacingOccurrences(
          of: "  evaluate = every(2ep, linear_probe(epochs: 20, batch: 16, neighbours: 3))\n", with: "")
        .replacingOccurrences(of: "length = 4ep", with: "length = 3ep") + Self.sweep)
    let lines = Lines()
    #expect(tiny.command().run(lines.console) == .success, "\(lines.all)")
    #expect(try cellFolders(tiny).count == 4)
    #expect(!tiny.exists("run/plain"))
    // Without scores the table is of the loss.
    #expect(try String(decoding: tiny.data("run/warmth/table.md"), as: UTF8.self).contains("| loss |"))
  }
}

/// Tasks: what is done with the results.
@Suite(.serialized) struct TaskTests {
  private func tiny(_ task: String) throws -> TinyExperiment {
    try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(of: "length = 4ep", with: "length = 2ep")
        .replacingOccurrences(of: "starts: 2ep", with: "starts: 1ep")
        + "\nsweep warmth from plain {\n  axis method.temperature in [0.2, 0.5]\n  axis seed in [5, 6]\n}\n" + task)
  }

  @Test func aTaskTabulatesASweep() throws {
    let tiny = try tiny(
      """
      /// by temperature and seed
      task tables needs warmth {
        let table = pivot(warmth, rows: "temperature", columns: "seed", value: "loss")
        print(table)
        save_table(table, "tables/by_seed.md")
        save_table(pivot(warmth, rows: ["method.temperature", "seed"]), "tables/all.csv")
        print("mean \\(mean(warmth, "average")) of \\(warmth.count)")
        expect std(only(warmth, axis: "temperature", equals: 0.2), "loss") >= 0.0
        expect scores(warmth, "loss").count == 4
      }
      """)
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .success, "\(lines.all)")
    let markdown = try String(decoding: tiny.data("run/tables/by_seed.md"), as: UTF8.self)
    #expect(markdown.contains("| method.temperature | seed 5 | seed 6 |"), "\(markdown)")
    #expect(!markdown.contains("±"))
    let csv = try String(decoding: tiny.data("run/tables/all.csv"), as: UTF8.self)
    #expect(csv.hasPrefix("method.temperature,seed,score,mean,std,runs\n0.2,5,many,"), "\(csv)")
    #expect(lines.all.contains("warmth: loss") && lines.all.contains(" of 4"), "\(lines.all)")
  }

  @Test func recipesCanBeComparedInOneTable() throws {
    let tiny = try tiny(
      """
      task both needs plain, harmonious {
        save_table(pivot(plain + harmonious, rows: "recipe"), "both.md")
      }
      """)
    let lines = Lines()
    #expect(tiny.command(recipes: ["plain", "harmonious"]).run(lines.console) == .success, "\(lines.all)")
    let text = try String(decoding: tiny.data("run/both.md"), as: UTF8.self)
    #expect(text.contains("| plain |") && text.contains("| harmonious |"), "\(text)")
  }

  @Test(arguments: [
    ("pivot(warmth, rows: \"tempreature\")", "`warmth` has no axis `tempreature`"),
    ("pivot(warmth, rows: \"seed\", columns: \"seed\")", "`seed` makes rows and columns"),
    ("pivot(warmth, rows: \"seed\", value: \"accuracy\")", "there is no score `accuracy`"),
    ("mean(warmth, \"acc\")", "there is no score `acc`"),
    ("only(warmth, axis: \"seed\", equals: 7)", "no run has 7 on the axis `seed`"),
  ])
  func aMisspeltTableIsFoundBeforeTheFirstRun(call: String, message: String) throws {
    let tiny = try tiny("task t needs warmth { let x = \(call) }")
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("error[E1040]: \(message)"), "\(lines.all)")
    #expect(!tiny.exists("run"))
  }

  @Test func aNameWithoutAKnownEndingIsFoundByTheChecker() throws {
    let tiny = try tiny("task t needs warmth { save_table(pivot(warmth, rows: \"seed\"), \"table.txt\") }")
    let lines = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("should end in .md or .csv"), "\(lines.all)")
  }

  @Test func aTaskWaitsForWhatItNeeds() throws {
    let tiny = try tiny(
      "task late needs early, warmth { print(\"late\") }\ntask early needs plain { print(\"early\") }\n")
    let first = Lines()
    #expect(tiny.command(recipes: ["plain"]).run(first.console) == .success, "\(first.all)")
    #expect(first.all.contains("note: task `late` waits for `warmth`"), "\(first.all)")
    #expect(first.out.contains("early") && !first.out.contains("late"))
    let second = Lines()
    #expect(tiny.command(recipes: ["warmth"]).run(second.console) == .success, "\(second.all)")
    let (early, late) = (second.out.firstIndex(of: "early"), second.out.firstIndex(of: "late"))
    #expect(early != nil && late != nil && early! < late!, "\(second.all)")
  }

  @Test func aFailedExpectationFailsTheRunAfterItsResults() throws {
    let tiny = try tiny("task t needs plain { expect mean(plain, \"loss\") > 1000.0 }")
    let lines = Lines()
    #expect(tiny.command(recipes: ["plain"]).run(lines.console) == .failedCheck, "\(lines.all)")
    #expect(lines.all.contains("E0701") && lines.all.contains("FAIL task t"), "\(lines.all)")
    #expect(tiny.exists("run/result.json"))
  }
}
