import Experiment
import Foundation
import Testing

@Suite struct ReportTests {
  @Test(arguments: [1, 2, 10, 100]) func drawsAnyNumberOfClasses(_ classes: Int) throws {
    let html = SampleReport.report(classes: classes).html
    if let folder = ProcessInfo.processInfo.environment["HARMONIA_SAMPLE_REPORTS"] {
      try html.write(toFile: "\(folder)/report-\(classes).html", atomically: true, encoding: .utf8)
    }
    #expect(!html.contains("nan") && !html.contains("inf\""))
  }
}
