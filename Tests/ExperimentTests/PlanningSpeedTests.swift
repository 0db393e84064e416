import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// Cells that differ in nothing that costs are measured together.
@Suite struct PlanningSpeedTests {
  private static let sweeps = """

    enum Kind { simclr, focal, bcl }
    func contrast(_ kind: Kind) -> Method {
      let plain = simclr(temperature: 0.5)
      return if kind == .focal { focal(temperature: 0.5) } else { if kind == .bcl { bcl(plain) } else { plain } }
    }
    sweep table from plain {
      axis data.source.imbalance in [2.0, 4.0, 6.0]
      axis kind in [Kind.simclr, Kind.focal, Kind.bcl]
      axis seed in [0, 1, 2]
      method = contrast(kind)
    }
    sweep rates from plain {
      axis optimizer.lr in [0.1, 0.01]
      axis method.temperature in [0.1, 0.2, 0.5]
      axis length in [2ep, 4ep]
      axis data.batch in [4, 8]
    }
    sweep widths from plain {
      axis width in [4, 6, 8]
      axis seed in [0, 1]
      model = encoder(resnet(blocks: [1], width: width), projector: mlp(output: 8))
    }
    sweep labels from plain {
      axis named in [true, false]
      data = two_views(
        source: if named { idx("train-images", labels: "train-labels") } else { idx("train-images") },
        augment: .simclr(size: 12), batch: 8)
      evaluate = none
    }
    sweep views from plain {
      axis data.augment.blur in [0.0, 0.5]
      axis seed in [0, 1, 2]
    }
    """

  /// What was measured for a sweep of these.
  private func counts(of sweep: String, budget: Double = .infinity) throws -> (counts: [Int], costs: [ArmCost]) {
    let tiny = try TinyExperiment(TinyExperiment.standard + Self.sweeps)
    let lines = Lines()
    let (program, diagnostics) = Program.load(tiny.recipe.path, catalogue: RecipeCatalogue.shared)
    let cells = try #require(program?.sweeps.first { $0.name == sweep }, "\(DiagnosticRenderer().text(diagnostics))").cells
    let planner = Planner(cells.map(\.recipe))
    planner.meter.budget = budget
    let plans = try #require(planner.plan(lines.console), "\(lines.all)")
    let costs = try #require(planner.costs(plans, runs: tiny.folder.file("runs"), lines.console), "\(lines.all)").costs
    #expect(costs.count == cells.count)
    return ([planner.meter.steps, planner.meter.looks, planner.meter.views], costs)
  }

  @Test(arguments: [
    ("table", [3, 1, 2]), ("rates", [1, 1, 1]), ("widths", [3, 3, 1]), ("labels", [1, 1, 1]), ("views", [1, 1, 2]),
  ])
  func whatCostsTheSameIsMeasuredOnce(sweep: String, expected: [Int]) throws {
    let (counts, costs) = try counts(of: sweep)
    #expect(counts == expected)
    #expect(costs.map(\.isEstimated) == costs.map { _ in false })
  }

  /// When the time for measuring is used up, the rest is reckoned from what was measured.
  @Test func manyKindsAreEstimated() throws {
    let (counts, costs) = try counts(of: "widths", budget: 0)
    #expect(counts == [1, 1, 1])
    #expect(costs.map(\.isEstimated) == [false, false, true, true, true, true])
    #expect(costs.allSatisfy { $0.seconds > 0 && $0.memory > 0 })
    // By multiply-adds: the wider, the more.
    #expect(costs[0].training < costs[2].training && costs[2].training < costs[4].training)
    #expect(costs[0].parameters < costs[2].parameters && costs[0].checkpoint < costs[4].checkpoint)
  }
}
