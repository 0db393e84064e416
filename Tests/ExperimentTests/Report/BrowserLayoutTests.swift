import Experiment
import Foundation
import TestSupport
import Testing

private enum Browser {
  static let isThere = ["chromium", "chromium-browser", "google-chrome"].contains { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }
}

/// Pages as a browser lays them out, in windows of 360, 768 and 1300 pixels: see Scripts/check-report.
@Suite(.serialized, .enabled(if: Browser.isThere, "there is no Chromium on this machine")) struct BrowserLayoutTests {
  /// What the script says, and how it ended.
  private func check(_ pages: [(name: String, html: String)]) throws -> (said: String, status: Int32) {
    let folder = try TemporaryFolder()
    let files = try pages.map { page in
      let file = folder.file("\(page.name).html")
      try page.html.write(to: file, atomically: true, encoding: .utf8)
      return file.path
    }
    let process = Process()
    process.executableURL = Fixtures.root.deletingLastPathComponent().appending(path: "Scripts/check-report")
    process.arguments = files
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (said, process.terminationStatus)
  }

  @Test func nothingOverlapsInAnyPage() throws {
    let long = "a class whose name has forty characters"
    let arms = ["simclr", "simclr + gh", "a recipe whose name is as long as names of recipes should never be"]
    var failed = SampleReport.sweep(
      [
        .init("optimizer", ["sgd(lr: 0.05, momentum: 0.9, nesterov: true)", "adam(lr: 1e-3, beta1: 0.9, beta2: 0.999)"]),
        .init("a_long_name_of_an_axis.that_is_a_path.of_several_parts", ["\"a value of some length that goes on and on and on\"", "\"b\""]),
        SampleReport.seeds(3),
      ], name: "with_failures", classes: 30, className: long, steps: 400
    ) { $0 % 5 == 1 ? .failed("the loss is not finite at step 12 of 400; lower the rate, or clip gradients") : $0 % 5 == 2 ? .open : .done }
    failed.arms[0].place = "with_failures/optimizer=sgd_lr__0.05__momentum__0.9__nesterov__true_,path=a_value_of-0a1b2c3d"
    var recipes = SampleReport.report(classes: 12, arms: arms)
    recipes.remarks = ["3 images of 1 folder are left out: broken (2), of a format that is not read (1)."]
    recipes.blocks += [SampleReport.block(of: 6), failed]
    let (said, status) = try check([
      ("one", SampleReport.report(classes: 1, arms: ["alone"]).html), ("two", SampleReport.report(classes: 10).html),
      ("many classes", SampleReport.report(classes: 100).html),
      ("nine", SampleReport.report(classes: 3, arms: (1...9).map { "arm \($0)" }, steps: 40).html), ("blocks", recipes.html),
    ] + [6, 48, 360, 1000].map { ("\($0)", Report(title: "sweep", blocks: [SampleReport.block(of: $0)]).html) })
    #expect(status == 0, "\(said.prefix(6000))")
    #expect(said.split(separator: "\n").count == 9, "\(said.prefix(6000))")
  }

  @Test func whatOverlapsIsFound() throws {
    func page(_ body: String) -> String { "<!doctype html><html><body><section>\(body)</section></body></html>" }
    for (body, fault) in [
      ("<p style=\"margin:0\">one text</p><p style=\"margin:-14px 0 0\">another</p>", "lies over"),
      ("<div style=\"width:500px\">wide</div>", "the page is"), ("<svg viewBox=\"0 0 100 20\"><text x=\"90\" y=\"10\">long text</text></svg>", "outside its drawing"),
      ("<p style=\"overflow:hidden;white-space:nowrap;width:60px\">a text that is longer</p>", "is cut off"),
    ] {
      let (said, status) = try check([("bad", page(body))])
      #expect(status == 1 && said.contains(fault), "\(body): \(said)")
    }
  }
}
