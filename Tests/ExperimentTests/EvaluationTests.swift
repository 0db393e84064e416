import Experiment
import Foundation
import TestSupport
import Testing

/// Several measurements of one trained network, from a recipe to its results.
@Suite struct SeveralProbesTests {
  private static let list = """
    [linear_probe(epochs: 20, batch: 16), linear_probe(epochs: 20, batch: 16, shots: 2), nearest_neighbours(3),
      linear_probe(epochs: 5, batch: 16, source: stripes.limit(per_class: 3, test_per_class: 3))]
    """

  private func run(_ evaluate: String, set: [String] = [], out: String = "run") throws -> (tiny: TinyExperiment, lines: Lines) {
    let tiny = try TinyExperiment(TinyExperiment.standard + "\nrecipe several from plain {\n  evaluate = \(evaluate)\n}\n")
    let lines = Lines()
    #expect(tiny.command(out: out, set: set, recipes: ["several"]).run(lines.console) == .success, "\(lines.err)")
    return (tiny, lines)
  }

  private func arm(_ tiny: TinyExperiment) throws -> JSONValue {
    try #require(try JSONValue(parsing: tiny.data("run/result.json"))["arms"]?["several"])
  }

  @Test func eachHasItsScoresUnderItsName() throws {
    let (tiny, lines) = try run("every(2ep, \(Self.list))")
    let arm = try arm(tiny)
    let others = try #require(arm["evaluations"]?.elements)
    #expect(
      others.map { $0["name"]?.text } == ["linear_probe_2shot", "nearest_neighbours", "linear_probe_idx"])
    for scores in [arm] + others {
      #expect((0...100).contains(scores["average"]?.double ?? -1))
      // Three classes: √(2·3/2).
      #expect((0...3.0.squareRoot() + 1e-6).contains(scores["inter_class"]?.double ?? -1))
      #expect((scores["neighbourhood"]?.double ?? 9) <= (scores["inter_class"]?.double ?? 0) + 1e-9)
      let shares = scores["class_shares"]?.elements?.compactMap(\.double) ?? []
      #expect(shares.count == 3 && abs(shares.reduce(0, +) - 100) < 1e-9)
    }
    // The same images give the same room, whatever the probe; other test images need not.
    #expect(others[0]["class_shares"] == arm["class_shares"])
    #expect(others[0]["per_class"] != nil && others[2]["top1"]?.double != nil)
    let log = MetricsLog.read(tiny.folder.file("run/several/metrics.jsonl")).filter { $0.kind == "probe" }
    #expect(log.map(\.epoch) == [2, 4])
    #expect(log.last?.values["inter_class"] == arm["inter_class"]?.double)
    #expect(lines.out.joined(separator: "\n").contains("linear_probe_2shot\n"))
    let page = String(decoding: try tiny.data("run/report.html"), as: UTF8.self)
    for text in ["All scores, linear_probe_2shot", "Class shares", "Inter-class", "Neighbourhood"] {
      #expect(page.contains(text), "\(text)")
    }
  }

  @Test func theFirstIsAsIfItWereAlone() throws {
    let alone = try arm(run("linear_probe(epochs: 20, batch: 16)").tiny)
    let first = try arm(run(Self.list).tiny)
    for key in ["average", "per_class", "inter_class", "class_shares", "final_loss"] {
      #expect(alone[key] == first[key], "\(key)")
    }
    #expect(alone["evaluations"] == nil)
  }

  @Test func allShotsAreTheFullProbe() throws {
    let arm = try arm(run("[linear_probe(epochs: 9, batch: 8), linear_probe(epochs: 9, batch: 8, shots: 12)]").tiny)
    #expect(arm["evaluations"]?.elements?.first?["per_class"] == arm["per_class"])
  }

  @Test func aSweepTellsThemApart() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard + """

        recipe several from plain {
          length = 1ep
          optimizer.lr = 0.05
          checkpoint = none
          evaluate = [nearest_neighbours(3), nearest_neighbours(3, shots: 2)]
        }
        sweep seeds from several {
          axis method.temperature in [0.2, 0.5]
          axis data.batch in [8, 16]
          axis seed in range(2)
        }
        task table needs seeds {
          print(pivot(seeds, rows: "batch", columns: "temperature", value: "nearest_neighbours_2shot.few"))
        }
        """)
    let lines = Lines()
    #expect(tiny.command(recipes: ["seeds"]).run(lines.console) == .success, "\(lines.err)")
    let markdown = String(
      decoding: try Data(contentsOf: tiny.folder.file("run/seeds/table.md")), as: UTF8.self)
    // The average by both axes, then all scores with their deviations over the seeds.
    #expect(markdown.contains("seeds: average, mean ± standard deviation of up to 2 runs"))
    #expect(markdown.contains("| many | medium | few | std | average |"))
    #expect(markdown.contains("seeds, nearest_neighbours_2shot: scores, mean ±"))
    #expect(lines.out.joined(separator: "\n").contains("nearest_neighbours_2shot.few, mean"))
  }

  @Test func mistakesAreFoundBeforeTraining() throws {
    func codes(_ evaluate: String) throws -> String {
      let tiny = try TinyExperiment(TinyExperiment.standard + "\nrecipe several from plain {\n  evaluate = \(evaluate)\n}\n")
      let lines = Lines()
      #expect(PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path, recipes: ["several"])).run(lines.console) == .badRecipe)
      return lines.err.joined(separator: "\n")
    }
    // Of 12 images a class 3 are left of the smallest by `long_tail`.
    #expect(try codes("linear_probe(shots: 13)").contains("E1034"))
    #expect(try codes("[linear_probe(), linear_probe(shots: 4, train: .training)]").contains("write at most `shots: 3`"))
    #expect(try codes("nearest_neighbours(7, shots: 2)").contains("E1017"))
    #expect(try codes("linear_probe(source: idx(\"train-images\"))").contains("E1002"))
    #expect(try codes("linear_probe(source: idx(\"train-images\", labels: \"train-labels\"))").contains("E1010"))
    #expect(try codes("linear_probe(source: folder(\"nowhere\"))").contains("E1001"))
    #expect(try codes("[]").contains("empty"))
  }

  @Test func whatIsPlannedGrowsWithTheProbes() throws {
    func seconds(_ evaluate: String) throws -> Double {
      let tiny = try TinyExperiment(TinyExperiment.standard + "\nrecipe several from plain {\n  evaluate = \(evaluate)\n}\n")
      let lines = Lines()
      _ = PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path, recipes: ["several"]), json: true).run(lines.console)
      let plan = try JSONValue(parsing: Data(lines.out.joined(separator: "\n").utf8))
      return try #require(plan["arms"]?.elements?.first?["measuring_seconds"]?.double)
    }
    let probe = "linear_probe(epochs: 100000, batch: 16)"
    #expect(try seconds("[\(probe), \(probe), \(probe), \(probe)]") > 1.5 * seconds(probe))
  }
}
