import DataPipeline
import Experiment
import Foundation
import TestSupport
import Testing

/// The program where the system gives little: it says so and ends, or does its work with less; it never waits and never
/// crashes. How much the libraries take is the machine's, so a limit may let the work be done, or be too small for them to
/// be loaded, which the loader says.
@Suite(.serialized) struct LimitedProcessTests {
  /// Its test asks for many small pieces of memory, so it is slow where each of them is hard to get.
  private static let test = """

    test "pieces" {
      let m = filled(1.0, rows: 20, columns: 20)
      for i in range(20000) { let n = [i, i + 1] }
      expect m * m ~= filled(1.0, rows: 20, columns: 20) within 1e-6
    }

    """

  private func ended(_ outcome: HarmoniaProgram.Outcome, naming limit: String) {
    if outcome.status == 127, outcome.err.contains("loading shared libraries") { return }
    #expect([0, 3].contains(outcome.status), "\(outcome.status) \(outcome.err)")
    if outcome.status == 3 { #expect(outcome.err.contains("error") && outcome.err.contains(limit), "\(outcome.err)") }
  }

  #if os(Linux)
    @Test(arguments: [200_000, 400_000]) func littleAddressSpace(kilobytes: Int) throws {
      let tiny = try TinyExperiment(TinyExperiment.standard + Self.test)
      for command in [["check", "tiny.recipe"], ["run", "tiny.recipe", "--recipe", "plain", "--set", "length=2ep", "--set", "evaluate=linear_probe(epochs: 5)"]] {
        ended(try HarmoniaProgram.run(after: "ulimit -v \(kilobytes)", command, in: tiny.folder.url), naming: "ulimit -v")
      }
    }

    @Test func aTensorForWhichThereIsNoMemory() throws {
      let tiny = try TinyExperiment("edition 1\ntest \"large\" {\n  let a = filled(1.0, rows: 20000, columns: 10000)\n}\n")
      let outcome = try HarmoniaProgram.run(after: "ulimit -v 700000", ["test", "tiny.recipe", "--limit", "fuel=2000000000", "--limit", "memory=4000000000"], in: tiny.folder.url)
      #expect(outcome.status == 3, "\(outcome.status) \(outcome.err)")
      #expect(outcome.err.contains("ulimit -v"), "\(outcome.err)")
    }
  #endif

  @Test(arguments: [4, 5]) func fewFilesOpenAtOnce(handles: Int) throws {
    let tiny = try TinyExperiment()
    let command = ["run", "tiny.recipe", "--recipe", "plain", "--set", "length=1ep", "--set", "optimizer=sgd(lr: 0.1)", "--set", "evaluate=linear_probe(epochs: 5)"]
    ended(try HarmoniaProgram.run(after: "ulimit -n \(handles)", command, in: tiny.folder.url), naming: "ulimit -n")
  }

  /// In blocks of 512 bytes, or of 1024 in some shells.
  @Test(arguments: [0, 8]) func filesOfLimitedSize(blocks: Int) throws {
    let tiny = try TinyExperiment()
    let command = ["run", "tiny.recipe", "--out", "run", "--recipe", "plain", "--set", "length=2ep"]
    let outcome = try HarmoniaProgram.run(after: "ulimit -f \(blocks)", command, in: tiny.folder.url)
    #expect(outcome.status == 3 && outcome.err.contains(String(cString: strerror(EFBIG))), "\(outcome.status) \(outcome.err)")
    #expect(outcome.err.contains("ulimit -f"))
  }

  /// No file that is opened takes the place of a closed stream.
  @Test func whatIsPrintedToAClosedStreamIsWrittenNowhere() throws {
    let tiny = try TinyExperiment()
    let command = ["run", "tiny.recipe", "--out", "run", "--recipe", "plain", "--set", "length=2ep"]
    let outcome = try HarmoniaProgram.run(after: "exec <&- >&-", command, in: tiny.folder.url)
    #expect(outcome.status == 3 && outcome.err.contains("standard output"), "\(outcome.status) \(outcome.err)")
    #expect(String(decoding: try tiny.data("run/.lock"), as: UTF8.self).contains(/^[0-9]+\n$/))
    #expect(tiny.exists("run/report.html"))
  }

  /// A file that could not be opened for the process's sake is not broken.
  @Test func aShortageOfTheSystemIsNoDamage() {
    #expect([EMFILE, ENFILE, ENOMEM].allSatisfy { DataError(number: $0, "a.png", "cannot be opened").isShortage })
    #expect([ENOENT, EACCES, EIO].allSatisfy { !DataError(number: $0, "a.png", "cannot be opened").isShortage })
    #expect(DataError(number: EMFILE, "a.png", "cannot be opened").description.contains("ulimit -n"))
  }

  @Test func aControlGroupIsLimitedByAllAboveIt() {
    let files = [
      "/sys/fs/cgroup/a/memory.max": "3000000000\n", "/sys/fs/cgroup/a/b/memory.max": "max\n",
      "/sys/fs/cgroup/memory/c/memory.limit_in_bytes": "1000000000", "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
    ]
    func memory(_ groups: String) -> Int? { ControlGroup.memory(groups: groups) { files[$0] } }
    #expect(memory("0::/a/b\n") == 3_000_000_000)
    #expect(memory("0::/\n") == nil && memory("") == nil)
    #expect(memory("4:cpu,memory:/c/d\n3:cpu:/a\n0::/\n") == 1_000_000_000)
  }
}
