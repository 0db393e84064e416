import Experiment
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportTests {
  /// The inside of each `<svg>…</svg>` parses as XML and has only finite coordinates.
  private func checkDrawings(_ html: String, atLeast: Int) {
    let drawings = html.components(separatedBy: "<svg").dropFirst().map {
      "<svg" + $0.components(separatedBy: "</svg>")[0] + "</svg>"
    }
    #expect(drawings.count >= atLeast)
    for drawing in drawings {
      let parser = XMLParser(data: Data(drawing.utf8))
      #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") in \(drawing.prefix(300))")
    }
    #expect(html.range(of: #"="[^"]*\b(nan|inf|-nan)\b"#, options: .regularExpression) == nil)
  }

  /// Nothing is loaded from anywhere.
  private func checkSelfContained(_ html: String) {
    for text in ["http", "src=", "url(", "@import", "<script", "<link"] { #expect(!html.contains(text), "\(text)") }
  }

  /// With HARMONIA_SAMPLE_REPORTS=FOLDER the pages are left there to look at.
  @Test(arguments: [1, 2, 10, 30, 100]) func drawsAnyNumberOfClasses(_ classes: Int) throws {
    let html = SampleReport.report(classes: classes).html
    if let folder = ProcessInfo.processInfo.environment["HARMONIA_SAMPLE_REPORTS"] {
      try html.write(toFile: "\(folder)/report-\(classes).html", atomically: true, encoding: .utf8)
    }
    checkDrawings(html, atLeast: 8)
    checkSelfContained(html)
    for heading in ["All scores", "Training loss", "Accuracy by class", "Class prior", "Embedding", "Settings"] {
      #expect(html.contains("<h2>\(heading)</h2>"))
    }
  }

  @Test(arguments: 0...9) func drawsAnyNumberOfArms(_ arms: Int) {
    let html = SampleReport.report(classes: 10, arms: (0..<arms).map { "arm \($0)" }, steps: 20).html
    checkDrawings(html, atLeast: arms)
    #expect(!html.contains("var(--arm8)"))
  }

  @Test func partsWithoutDataAreLeftOut() {
    let html = Report(title: "nothing yet", blocks: [.init(recipes: [.init(name: "simclr")])]).html
    #expect(!html.contains("<section>") && html.contains("nothing yet") && html.contains("simclr"))
    checkSelfContained(html)
  }

  @Test func unlabelledImagesHaveLossPriorAndMap() {
    var report = SampleReport.report(classes: 3)
    for arm in report.blocks[0].arms.indices {
      report.blocks[0].arms[arm].groups = nil
      report.blocks[0].arms[arm].result?.classCounts = nil
      report.blocks[0].arms[arm].result?.classNames = nil
      report.blocks[0].arms[arm].result?.scores = nil
      report.blocks[0].arms[arm].map?.labels = []
    }
    let html = report.html
    checkDrawings(html, atLeast: 4)
    #expect(!html.contains("Accuracy") && html.contains("<h2>Class prior</h2>") && !html.contains("Grey:"))
  }

  @Test func valuesThatAreNotFiniteAreGaps() {
    var report = SampleReport.report(classes: 4, steps: 50)
    report.blocks[0].arms[0].loss[10].value = .nan
    report.blocks[0].arms[0].loss[49].value = .infinity
    report.blocks[0].arms[0].result?.scores?.perClass[1] = .nan
    report.blocks[0].arms[0].result?.scores?.few = .nan
    report.blocks[0].arms[0].map?.x[3] = .nan
    report.blocks[0].arms[1].loss = report.blocks[0].arms[1].loss.map { .init($0.epoch, .nan) }
    report.blocks[0].arms[1].priors = [.init(epoch: 1, shares: [0, 0, 0]), .init(epoch: 2, shares: [1, 0, 0])]
    checkDrawings(report.html, atLeast: 5)
    #expect(report.html.contains("<td>–<small class=\"missing\">0 of 1 runs</small></td>"))
    #expect(report.html.contains("<td>3</td><td>1.0</td><td>2</td>"))
  }

  @Test func textIsEscapedEverywhere() {
    let nasty = "<b a='1'>\"&\u{1}"
    var report = SampleReport.report(classes: 3, arms: [nasty, "other"])
    report.title = nasty
    report.subtitle = nasty
    report.notes = [nasty]
    report.remarks = [nasty]
    report.blocks[0].settings = [.init(nasty, nasty)]
    for arm in report.blocks[0].arms.indices {
      report.blocks[0].arms[arm].result?.classNames = [nasty, nasty, nasty]
      report.blocks[0].arms[arm].curves[0].name = nasty
      report.blocks[0].arms[arm].map?.caption = nasty
      report.blocks[0].arms[arm].settings = [.init(nasty, nasty)]
    }
    report.blocks.append(
      SampleReport.sweep(
        [.init(nasty, [nasty, "a"]), .init("b\(nasty)", [nasty, "a"]), .init("seed", [nasty, "1"])], name: nasty, doc: nasty,
        classes: 3, steps: 5, state: { $0 == 0 ? .failed(nasty) : .done }))
    let html = report.html
    #expect(!html.contains("<b a") && !html.contains("\u{1}") && html.contains("&lt;b a=&#39;1&#39;&gt;&quot;&amp;"))
    checkDrawings(html, atLeast: 8)
  }

  @Test func theBestOfEachColumnIsMarkedAndStdIsBetterLow() {
    func arm(_ name: String, _ many: Double, _ std: Double) -> Report.Arm {
      var result = ArmResult(name: name, identity: "", epochs: 1, steps: 1, finalLoss: .nan)
      result.scores = .init(top1: 50, many: many, medium: 50, few: 50, std: std, average: 50, perClass: [many, 50, 50])
      return .init(name: name, result: result)
    }
    let html = Report(title: "t", blocks: [.init(recipes: [arm("a", 60, 3), arm("b", 58.004, 2)])]).html
    #expect(html.contains("<td class=\"best\">60.00"))
    #expect(html.contains("<td>58.00<small class=\"down\">−2.00</small>"))
    #expect(html.contains("<td class=\"best\">2.00<small class=\"up\">−1.00</small>"))
    #expect(html.contains("<td class=\"best\">50.00<small class=\"\">±0.00</small>"))
  }

  @Test func theSameValuesGiveTheSamePage() {
    #expect(SampleReport.report(classes: 10).html == SampleReport.report(classes: 10).html)
  }
}

@Suite struct ChartTests {
  @Test(arguments: [(0.0, 1.0), (3.2, 5.9), (-7, 12_345), (1e-7, 3e-7), (5, 5), (0, 0)])
  func ticksAreRoundAndInside(_ range: (Double, Double)) {
    let axis = Axis(range.0, range.1, from: 0, to: 100)
    let ticks = axis.ticks()
    #expect((2...9).contains(ticks.count))
    #expect(ticks.allSatisfy { axis($0) >= -1e-6 && axis($0) <= 100 + 1e-6 })
    #expect(Set(ticks.map(axis.label)).count == ticks.count || range.1 < 1e-6)
  }

  @Test(arguments: [(0.01, 100.0), (0.9, 1.1), (2, 2), (1e-9, 1)])
  func logarithmicTicks(_ range: (Double, Double)) {
    let axis = Axis(range.0, range.1, from: 100, to: 0, logarithmic: true)
    let ticks = axis.ticks()
    #expect(!ticks.isEmpty && ticks.allSatisfy { axis($0) >= -1e-3 && axis($0) <= 100.001 })
    #expect(abs(axis(axis.low) - 100) < 1e-9 && abs(axis(axis.high)) < 1e-9)
  }

  @Test func labelsAreShort() {
    let axis = Axis(0, 1, from: 0, to: 1)
    #expect([0, 0.5, 20, -3, 0.001].map(axis.label) == ["0", "0.5", "20", "−3", "0.001"])
    #expect(axis.label(20_000) == "2e4" && axis.label(5e-5) == "5e−5")
  }

  @Test func averagingKeepsTheMean() {
    let points = (0..<1003).map { Report.Point(Double($0), Double($0 * $0 % 17)) }
    let averaged = LineChart.averaged(points, bins: 100)
    #expect(averaged.count == 100 && averaged[0].epoch < 10 && averaged[99].epoch > 990)
    #expect(LineChart.averaged(Array(points.prefix(100)), bins: 100) == Array(points.prefix(100)))
    #expect(LineChart.averaged([.init(0, 1), .init(1, 3), .init(2, 5), .init(3, 7)], bins: 2)
      == [.init(0.5, 2), .init(2.5, 6)])
  }

  @Test func effectiveNumberOfEqualSharesIsTheirNumber() {
    #expect(abs(PriorChart.effectiveNumber([0.25, 0.25, 0.25, 0.25]) - 4) < 1e-12)
    #expect(abs(PriorChart.effectiveNumber([7, 0, 0]) - 1) < 1e-12)
    #expect(PriorChart.evenShares([1, 3]) == [1.5, 0.5] && PriorChart.evenShares([0, 0]) == [])
  }

  @Test func numbersAsText() {
    #expect(decimal(.nan) == "–" && decimal(2.345, 1) == "2.3")
    #expect(signed(-0.001) == "±0.00" && signed(-1.5) == "−1.50" && signed(2) == "+2.00")
  }
}
