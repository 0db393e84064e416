import Experiment
import Foundation
import Testing

/// The page of a sweep: from a handful of runs to a thousand.
@Suite struct SweepReportTests {
  private func page(_ blocks: Report.Block...) -> String { Report(title: "sweep", blocks: blocks).html }

  /// With HARMONIA_SAMPLE_REPORTS=FOLDER the pages are left there to look at.
  @Test(arguments: [6, 48, 360, 1000]) func pagesAreOfASizeAndReadFromTheTop(_ runs: Int) throws {
    let block = SampleReport.block(of: runs)
    #expect(block.arms.count == runs)
    let html = page(block)
    if let folder = ProcessInfo.processInfo.environment["HARMONIA_SAMPLE_REPORTS"] {
      try html.write(toFile: "\(folder)/sweep-\(runs).html", atomically: true, encoding: .utf8)
    }
    #expect(html.utf8.count < 6_000_000, "\(html.utf8.count) bytes")
    for text in ["http", "src=", "url(", "@import", "<script", "<link"] { #expect(!html.contains(text), "\(text)") }
    // The name of no run stands anywhere, nor more colours than there are values.
    #expect(!html.contains("table["))
    let sections = html.components(separatedBy: "<h2>").dropFirst().map { $0.components(separatedBy: "</h2>")[0] }
    #expect(sections.first == (runs == 6 ? "All scores by harmonize" : runs == 48 ? "Average by imbalance and form"
      : runs == 360 ? "Average by imbalance, kind and optimizer" : "Average by imbalance, temperature and lr"))
    #expect(html.components(separatedBy: "Methods by tail").count == 2)
    #expect(html.components(separatedBy: "<td>data</td>").count == 2)
  }

  @Test func aThousandRunsAreWrittenQuickly() {
    let block = SampleReport.block(of: 1000)
    let clock = ContinuousClock()
    // Generous: a build without optimisation on a slow machine takes some seconds.
    #expect(clock.measure { _ = page(block) } < .seconds(60))
  }

  @Test func runsThatDifferInSeedsAloneAreOneLine() {
    let layout = BlockLayout(SampleReport.block(of: 48))
    #expect(layout.panels.count == 4 && layout.seriesCount == 3 && layout.isRepeated)
    #expect(layout.panels.allSatisfy { panel in panel.series.allSatisfy { $0.count == 4 } })
    #expect(layout.panelName([2]) == "imbalance 16" && layout.seriesName(2) == "aligned_soft")
    let html = page(layout.block)
    let loss = html.components(separatedBy: "<h2>Training loss</h2>")[1].components(separatedBy: "</section>")[0]
    let first = loss.components(separatedBy: "<svg")[1].components(separatedBy: "</svg>")[0]
    #expect(first.components(separatedBy: "class=\"line\"").count == 4 && first.components(separatedBy: "class=\"spread\"").count == 4)
    #expect(loss.contains("bands: ± 1 standard deviation"))
  }

  @Test func chartsBesideEachOtherHaveTheSameScales() {
    let html = page(SampleReport.block(of: 48))
    let loss = html.components(separatedBy: "<h2>Training loss</h2>")[1].components(separatedBy: "<details>")[0]
    let ticks = loss.components(separatedBy: "<svg").dropFirst().map { drawing in
      drawing.components(separatedBy: "class=\"tick\"").dropFirst().map { $0.components(separatedBy: "</text>")[0] }
    }
    #expect(ticks.count == 4 + 4 && Set(ticks.prefix(4)).count == 1)
  }

  @Test func axesOfOneValueAreNoAxes() {
    let layout = BlockLayout(
      SampleReport.sweep([.init("optimizer.lr", ["0.1"]), .init("form", [".a", ".b"]), SampleReport.seeds(1)]))
    #expect(layout.shown == [1] && layout.seeds.isEmpty && layout.panels.count == 1 && !layout.isRepeated)
  }

  @Test func someRunsAreNamedByWhatTheyHaveInCommon() {
    let layout = BlockLayout(SampleReport.block(of: 48))
    #expect(layout.naming((36..<48).map { $0 }) == "imbalance 64")
    #expect(layout.naming((0..<24).map { $0 }) == "imbalance 1, 4")
    #expect(layout.naming((0..<48).filter { $0 / 4 % 3 == 2 }) == "form aligned_soft")
    #expect(layout.naming([0, 1, 2, 3]) == "imbalance 1 · form plain · seed 0, imbalance 1 · form plain · seed 1, "
      + "imbalance 1 · form plain · seed 2 and 1 more")
    #expect(layout.naming(Array(0..<48)) == "table")
  }

  @Test func seedsAloneAreOneLineOfTheTable() throws {
    let layout = BlockLayout(SampleReport.sweep([SampleReport.seeds(5)], name: "alone"))
    #expect(layout.panels.count == 1 && layout.seriesCount == 1 && layout.seriesName(0) == "alone")
    let table = try #require(layout.fullTable)
    #expect(table.lines.count == 1 && table.lines[0].cells[0].samples.count == 5 && table.rows.isEmpty)
    #expect(page(layout.block).contains("Mean ± standard deviation over up to 5 runs."))
  }

  @Test func numericAxesStayInTheRecipesOrder() throws {
    let table = try #require(
      BlockLayout(SampleReport.sweep([.init("method.temperature", ["1.0", "0.5", "10.0", "2.0"]), SampleReport.forms])).leadingTable)
    #expect(table.lines.map(\.labels) == [["1.0"], ["0.5"], ["10.0"], ["2.0"]])
  }

  @Test func failedRunsAreNamedWithTheReasonAndMissingOnesCounted() {
    let html = page(
      SampleReport.sweep([SampleReport.forms, SampleReport.seeds(3)]) { number in
        number == 1 ? .failed("the loss is not finite at step 12") : number >= 6 ? .open : .done
      })
    #expect(html.contains("9 runs: 3 form × 3 seed; 5 done, 1 failed, 3 not done"))
    #expect(html.contains("<h3>the loss is not finite at step 12</h3>") && html.contains(">form plain · seed 1</li>"))
    #expect(html.contains("2 of 3 runs") && html.contains("–<small class=\"missing\">0 of 3 runs</small>"))
  }

  @Test func classCountsAreThoseOfTheRunsDrawn() {
    let html = page(SampleReport.block(of: 48))
    let prior = html.components(separatedBy: "<h2>Class prior</h2>")[1].components(separatedBy: "</section>")[0]
    let truths = prior.components(separatedBy: "true classes</th>").dropFirst().map { $0.components(separatedBy: "</tr>")[0] }
    #expect(truths.count == 4 && Set(truths).count == 4, "\(truths)")
    // The axis of the colours may be the one that changes the classes.
    let other = page(SampleReport.sweep([SampleReport.imbalances(3), SampleReport.seeds(2)], classes: 4))
    let accuracy = other.components(separatedBy: "<h2>Accuracy by class</h2>")[1].components(separatedBy: "</section>")[0]
    #expect(accuracy.components(separatedBy: "<svg").count == 4)
    for value in [1, 4, 16] { #expect(accuracy.contains("<h3>imbalance \(value)</h3>")) }
  }

  @Test func whatIsPublishedStandsBelowTheNumber() {
    var block = SampleReport.block(of: 48)
    var table = BlockLayout(block).leadingTable!
    table.lines[3].cells[1].published = "53.96"
    block.tables = [table]
    let html = page(block)
    #expect(html.components(separatedBy: "published 53.96</small>").count == 2)
    #expect(html.components(separatedBy: "<h2>Average by imbalance and form</h2>").count == 2)
  }

  @Test func settingsAreSaidOnceByTheAxisTheyGoBy() {
    var block = SampleReport.block(of: 48)
    for arm in block.arms.indices {
      block.arms[arm].settings.append(.init("method.prior", "prior_\(block.arms[arm].values[1])"))
      block.arms[arm].settings.append(.init("method.both", "\(block.arms[arm].values[0]) \(block.arms[arm].values[1])"))
    }
    let html = page(block)
    #expect(html.contains("<h3>By form</h3>") && html.components(separatedBy: "prior_2").count == 2)
    #expect(html.contains("By several axes, as recipe.resolved in each run&#39;s folder says: method.both.")
      || html.contains("By several axes, as recipe.resolved in each run's folder says: method.both."))
  }

  @Test func everyAxisHasAListThatHidesOtherValues() {
    let html = page(SampleReport.block(of: 48))
    #expect(html.contains("<select id=\"f0-0\"") && html.contains("<option value=\"2\">16</option>"))
    #expect(html.contains("body:has(#f0-1 option[value=\"2\"]:checked) [data-f0-1]:not([data-f0-1=\"2\"]){display:none}"))
    // Lines of tables, their columns, charts, lines of charts, pictures and runs.
    for text in ["<tr data-f0-0=\"1\"", "<td data-f0-1=\"0\"", "<div data-f0-0=\"1\"", "<g data-f0-1=\"2\">",
      "data-f0-0=\"3\" data-f0-1=\"2\" data-f0-2=\"3\""] { #expect(html.contains(text), "\(text)") }
    #expect(!SampleReport.report(classes: 3).html.contains("<select"))
  }

  @Test func severalBlocksAreToldApart() {
    let html = page(
      SampleReport.report(classes: 4).blocks[0], SampleReport.block(of: 6), SampleReport.sweep([SampleReport.forms], name: "forms"))
    for name in ["Recipes", "table", "forms"] { #expect(html.contains("<h2 class=\"block\">\(name)</h2>")) }
    #expect(html.contains("id=\"f1-0\"") && !html.contains("id=\"f0-0\""))
  }
}

@Suite struct PictureChoiceTests {
  private func choice(_ block: Report.Block) -> (PictureChoice, BlockLayout) {
    let layout = BlockLayout(block)
    return (PictureChoice(layout), layout)
  }

  @Test func aDozenAreAllShown() {
    let (choice, _) = choice(SampleReport.sweep([SampleReport.forms, SampleReport.seeds(4)], steps: 2))
    #expect(choice.shown == Array(0..<12) && choice.folded.isEmpty && choice.reason.isEmpty)
  }

  @Test func theFirstOfEachCombinationIsShownAndTheRestFolded() {
    let (choice, layout) = choice(SampleReport.block(of: 48))
    #expect(choice.shown == (0..<12).map { $0 * 4 } && choice.folded.count == 36)
    #expect(choice.shown.allSatisfy { layout.block.arms[$0].values[2] == 0 })
    #expect(choice.reason == "The first repetition of each combination.")
  }

  @Test(arguments: [360, 1000]) func ofManyTheBestAndTheWorstAreShown(_ runs: Int) {
    let (choice, layout) = choice(SampleReport.block(of: runs))
    #expect((3...12).contains(choice.shown.count) && choice.shown.count + choice.folded.count == PictureChoice.most)
    #expect(Set(choice.shown).isDisjoint(with: choice.folded) && Set(choice.folded).count == choice.folded.count)
    let scores = layout.block.arms.map { $0.result!.scores!.average }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    #expect(choice.shown.contains(order[0]) && choice.shown.contains(where: { scores[$0] == scores[order[runs - 1]] }))
  }

  @Test func runsWithoutAResultAreNotShown() {
    let (choice, _) = choice(SampleReport.sweep([SampleReport.forms, SampleReport.seeds(8)]) { $0 % 2 == 0 ? .open : .done })
    #expect(choice.shown.allSatisfy { $0 % 2 == 1 } && choice.shown.count == 12)
  }
}

@Suite struct ReportTableTests {
  private func cell(_ values: [Double], from first: Int = 0) -> Report.Table.Cell {
    .init(samples: values.enumerated().map { .init("\($0 + first)", $1) }, planned: values.count)
  }

  @Test func differencesAreOfRunsWithTheSameSeeds() throws {
    // Runs differ by 10 from seed to seed, and by 1 ± 0.1 from each other: clear in pairs alone.
    let found = try #require(Report.Table.difference(cell([11, 21.1, 30.9]), from: cell([10, 20, 30])))
    #expect(abs(found.mean - 1) < 1e-9 && abs(found.deviation! - 0.1) < 1e-9 && found.isClear == true)
    let noisy = try #require(Report.Table.difference(cell([11, 22, 30]), from: cell([10, 20, 30])))
    #expect(noisy.isClear == false)
  }

  @Test func withoutPairsTheMeansAreCompared() throws {
    let found = try #require(Report.Table.difference(cell([4, 6], from: 7), from: cell([1, 3])))
    #expect(found.mean == 3 && found.deviation == nil && found.isClear == nil)
    #expect(try #require(Report.Table.difference(cell([4]), from: cell([1]))).isClear == nil)
    #expect(Report.Table.difference(cell([]), from: cell([1])) == nil)
  }

  @Test func pairsThatAllDifferByTheSameAreClear() throws {
    #expect(try #require(Report.Table.difference(cell([2, 3]), from: cell([1, 2]))).isClear == true)
    #expect(try #require(Report.Table.difference(cell([1, 2]), from: cell([1, 2]))).isClear == false)
  }

  @Test func theTailOfStudentsT() {
    #expect(Report.Table.tail(1) == 12.71 && Report.Table.tail(30) == 2.04 && abs(Report.Table.tail(100) - 1.984) < 0.01)
    #expect((2...200).allSatisfy { Report.Table.tail($0) <= Report.Table.tail($0 - 1) })
  }

  @Test func theBestIsOfThoseComparedAndByThePrintedNumber() {
    let table = Report.Table(
      rows: ["imbalance"], columnAxis: "form", columns: ["a", "b", "c"], score: "average",
      lines: [
        .init(labels: ["1"], cells: [cell([50.001]), cell([50.004]), cell([49])]),
        .init(labels: ["4"], cells: [cell([20]), cell([]), cell([30])]),
      ])
    let best = table.contests.map { contest in table.best(of: contest).map(\.column) }
    #expect(best == [[0, 1], [2]])
  }

  @Test func linesAreComparedWithinWhatTheyHaveInCommon() {
    let table = Report.Table(
      rows: ["imbalance", "form"], columns: ["average", "std", "loss"],
      lines: [["1", "a"], ["1", "b"], ["4", "a"], ["4", "b"]].enumerated().map { line, labels in
        .init(labels: labels, cells: [cell([Double(line)]), cell([Double(line)]), cell([Double(line)])])
      })
    let best = table.contests.map { contest in table.best(of: contest).map(\.line) }
    #expect(best == [[1], [0], [], [3], [2], []])
  }
}
