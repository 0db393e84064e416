import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct MetricsLogTests {
  private func record(_ step: Int) -> JSONValue {
    .object(["kind": .string("step"), "step": .int(step), "epoch": .int(step / 10), "loss": .number(1 / Double(step))])
  }

  @Test func resumingCutsBackToTheCheckpoint() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("metrics.jsonl")
    do {
      let log = try MetricsLog(url)
      for step in 1...25 { try log.append(record(step)) }
    }
    // As a kill leaves it: half a line at the end.
    let handle = try FileHandle(forWritingTo: url)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"kind": "step", "st"#.utf8))
    try handle.close()

    let log = try MetricsLog(url, keepingUpTo: 20)
    try log.append(record(21))
    try log.sync()
    let records = MetricsLog.read(url)
    #expect(records.map(\.step) == Array(1...21))
    #expect(records.last?.values["loss"] == 1 / 21.0)
    #expect(records.last?.epoch == 2)
  }

  @Test func aNewRunStartsEmpty() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("metrics.jsonl")
    try Data("old\n".utf8).write(to: url)
    _ = try MetricsLog(url)
    #expect(try Data(contentsOf: url).isEmpty)
  }

  @Test func aFullDiskIsSaidAndLeavesWholeLines() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    #expect(throws: RunStoreError.self) {
      let log = try MetricsLog(URL(filePath: "/dev/full"))
      try log.append(record(1))
    }
  }
}

@Suite struct RunFolderTests {
  private let scores = ArmResult.Scores(
    top1: 50, many: 61.5, medium: 48.25, few: 33, std: 14.2, average: 47.6, perClass: [90, 3.25], neighbours: 40)

  @Test func aFolderThatCannotBeMadeIsSaidWithTheSystemsReason() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: folder.file("file"))
    for (path, reason) in [("file", "File exists"), ("file/run", "Not a directory")] {
      let error = #expect(throws: RunStoreError.self) { try RunFolder(folder.file(path)).create() }
      #expect(error?.detail == "cannot make this folder: \(reason); choose another --out")
    }
    try RunFolder(folder.file("a/b/c")).create()
    try RunFolder(folder.file("a/b/c")).create()
  }

  @Test func damagedRunsAreListedAsSuch() throws {
    let folder = try TemporaryFolder()
    for name in ["one", "two"] { try RunFolder(folder.file("run")).arm(name).create(name: "x", canonical: "x\n", identity: "abc") }
    try Data("{".utf8).write(to: RunFolder(folder.file("run")).arm("two").result)
    let list = try RunList(under: folder.url)
    #expect(list.runs.first?.arms.map(\.state) == ["step 0", "damaged"])
    #expect(list.json.line.contains("\"damaged\": true"))
  }

  @Test func aResultReadsBack() throws {
    let folder = try TemporaryFolder()
    let arm = RunFolder(folder.url).arm("simclr")
    try arm.create(name: "x", canonical: "recipe simclr { }\n", identity: "abc")
    let result = ArmResult(
      name: "simclr", identity: "abc", epochs: 3, steps: 30, finalLoss: 4.25, scores: scores, prior: [0.75, 0.25],
      classCounts: [10, 1], classNames: ["a", "b"])
    #expect(try arm.finishedResult() == nil)
    try arm.write(result)
    #expect(try arm.finishedResult() == result)
    #expect(try arm.startedWith().identity == "abc")
    #expect(try arm.startedWith().canonical == "recipe simclr { }\n")
  }

  @Test func anUnlabelledResultReadsBack() throws {
    let folder = try TemporaryFolder()
    let arm = RunFolder(folder.url).arm("photos")
    try arm.create(name: "x", canonical: "", identity: "x")
    let result = ArmResult(name: "photos", identity: "x", epochs: 1, steps: 2, finalLoss: 1)
    try arm.write(result)
    #expect(try arm.finishedResult() == result)
  }

  @Test func aDamagedResultNamesTheFile() throws {
    let folder = try TemporaryFolder()
    let arm = RunFolder(folder.url).arm("a")
    try arm.create(name: "x", canonical: "", identity: "x")
    try Data("{".utf8).write(to: arm.result)
    let error = #expect(throws: RunStoreError.self) { try arm.finishedResult() }
    #expect(error?.description.contains("arm.json") == true)
  }

  @Test func whatAKilledWriteLeftIsRemoved() throws {
    let folder = try TemporaryFolder()
    let arm = RunFolder(folder.url).arm("a")
    try arm.create(name: "x", canonical: "", identity: "x")
    #expect(!arm.hasCheckpoint)
    try Data().write(to: arm.lastCheckpoint)
    #expect(arm.hasCheckpoint)
    try Data().write(to: arm.checkpoints.appending(path: ".last.safetensors.partial"))
    try Data().write(to: arm.root.appending(path: ".arm.json.partial"))
    arm.removePartialFiles()
    #expect(try FileManager.default.contentsOfDirectory(atPath: arm.checkpoints.path) == ["last.safetensors"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: arm.root.path).sorted() == ["checkpoints", "recipe.resolved"])
  }

  @Test func aSecondRunIsKeptOut() throws {
    let folder = try TemporaryFolder()
    let lock = try RunLock(folder: folder.url)
    let error = #expect(throws: RunStoreError.self) { try RunLock(folder: folder.url) }
    #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func theSeriesOfDefaultFolders() throws {
    let folder = try TemporaryFolder()
    #expect(RunFolder.latest("quick", under: folder.url) == nil)
    for name in ["quick", "quick-2", "quick-3"] {
      let run = RunFolder.fresh("quick", under: folder.url)
      #expect(run.root.lastPathComponent == name)
      try run.create()
      #expect(RunFolder.latest("quick", under: folder.url)?.root.lastPathComponent == name)
    }
  }

  @Test func runsAreListedNewestFirst() throws {
    let folder = try TemporaryFolder()
    for (age, name) in [(500.0, "old"), (5.0, "group/new")] {
      let arm = RunFolder(folder.file(name)).arm("simclr")
      try arm.create(name: "x", canonical: "", identity: "x")
      let date = Date(timeIntervalSinceNow: -age)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: arm.recipe.path)
      if name == "old" {
        try arm.write(ArmResult(name: "simclr", identity: "x", epochs: 1, steps: 1, finalLoss: 1, scores: scores))
      }
    }
    let list = try RunList(under: folder.url)
    #expect(list.runs.map(\.path) == ["group/new", "old"])
    #expect(list.text.contains("61.50"))
    #expect(list.text.contains("step 0"))
    #expect(throws: RunStoreError.self) { try RunList(under: folder.file("none")) }
  }

  @Test func theTableAlignsItsColumns() {
    let table = ScoreTable([
      ArmResult(name: "simclr", identity: "", epochs: 1, steps: 1, finalLoss: 4, scores: scores),
      ArmResult(name: "photos_without_labels", identity: "", epochs: 1, steps: 1, finalLoss: .nan),
    ]).text
    let lines = table.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(Set(lines.map(\.count)).count == 1)
    #expect(table.contains("48.25"))
  }
}

@Suite struct ProgressTests {
  @Test(arguments: [
    (0.4, "0:00"), (59.6, "1:00"), (754, "12:34"), (11_045, "3:04:05"), (183_600, "2 d 3 h"), (.infinity, "?"),
  ])
  func clock(seconds: Double, text: String) { #expect(ProgressReport.clock(seconds) == text) }

  @Test func awayFromATerminalReportsAreLinesNowAndThen() {
    let lines = Lines()
    let progress = ProgressLine(lines.console)
    let report = ProgressReport(
      arm: "a", step: 1, steps: 2, epoch: 1, epochs: 2, loss: 1, rate: 1, imagesPerSecond: 1, secondsLeft: nil,
      waiting: 0)
    for _ in 0..<5 { progress.show(report) }
    progress.say("done")
    #expect(lines.err == [report.text, "done"])
  }

  @Test func theLineSaysWhatMatters() {
    let report = ProgressReport(
      arm: "simclr", step: 5, steps: 20, epoch: 3.4, epochs: 20, loss: 5.12344, rate: 0.4117, imagesPerSecond: 1843.2,
      secondsLeft: 72, waiting: 0.3)
    #expect(
      report.text == "simclr  epoch 3.4/20  loss 5.1234  rate 0.412  1843 images/s  1:12 left  30% waiting for images")
  }
}
