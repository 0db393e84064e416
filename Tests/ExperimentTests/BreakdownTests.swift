import Experiment
import Foundation
import Kernels
import Testing

@Suite struct BreakdownTests {
  private func entries(_ body: () throws -> Void) rethrows -> [KernelAccount.Entry] {
    let account = KernelAccount()
    try account.count(body)
    return account.entries
  }

  /// Of four repetitions the second and third fastest count; kernels and the rest are the whole.
  @Test func theMiddleHalfAddsUpToItsMean() throws {
    let x = Tensor(zeros: [5])
    let few = entries { _ = relu(x) }
    let many = entries { for _ in 0..<3 { _ = relu(x) } }
    let odd = entries { _ = x.isFinite }
    let breakdown = Bench.Breakdown(
      name: "w", runs: [(3, many), (100, odd), (2, few), (1, odd)], threads: 1, peak: 1e9)
    #expect(breakdown.seconds == 2.5 && breakdown.repetitions == 4)
    #expect(breakdown.kernels.map(\.name) == ["relu"] && breakdown.kernels[0].calls == 2)
    #expect(breakdown.kernels[0].operations == 10)
    #expect(breakdown.kernels[0].seconds == (few[0].seconds + many[0].seconds) / 2)
    #expect(breakdown.outside == 2.5 - breakdown.kernels[0].seconds)
    #expect(breakdown.convolutions.isEmpty)
  }

  @Test func convolutionsAreSummedByAlgorithmAndShownByShape() throws {
    let entries = try entries {
      for side in [8, 9] {
        let plan = try Convolution(input: [1, side, 8, 4], outputChannels: 4, kernel: (3, 3), algorithm: .direct)
        _ = try plan.forward(Tensor(zeros: plan.inputShape), Tensor(zeros: plan.weightShape))
      }
    }
    let breakdown = Bench.Breakdown(name: "w", runs: [(1, entries)], threads: 2, peak: 1e9)
    #expect(breakdown.kernels.map(\.name) == ["conv2d forward, direct"] && breakdown.kernels[0].calls == 2)
    #expect(
      Set(breakdown.convolutions.map(\.name)) == [
        "conv2d forward, direct  1×8×8×4→4 3×3/1", "conv2d forward, direct  1×9×8×4→4 3×3/1",
      ])
    #expect(breakdown.convolutions.reduce(0) { $0 + $1.operations } == breakdown.kernels[0].operations)
  }

  @Test func theCommandPrintsTablesThatEndWithTheRest() throws {
    let lines = Lines()
    var command = BenchCommand(filter: "conv2d/n128_c16_h32_k16_r3_s1/forward", json: false, report: .breakdown)
    command.seconds = 0
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    let tables = lines.all.components(separatedBy: "\n\n")
    try #require(tables.count == 3)
    #expect(tables[0].hasPrefix("conv2d/n128_c16_h32_k16_r3_s1/forward: ") && tables[0].contains("peak"))
    #expect(tables[1].split(separator: "\n").last?.hasPrefix("outside kernels") == true)
    #expect(tables[1].contains("conv2d forward, ") && tables[2].contains("128×32×32×16→16 3×3/1"))
  }

  @Test func theCommandPrintsOneObjectAWorkload() throws {
    let lines = Lines()
    var command = BenchCommand(filter: "nt_xent", json: true, report: .breakdown, threads: nil)
    command.seconds = 0
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    let object = try JSONValue(parsing: Data(lines.out.joined().utf8))
    let kernels = object["kernels"]?.elements ?? []
    #expect(kernels.map { $0["name"]?.text } == ["nt-xent"] && kernels.first?["calls"]?.double == 1)
    let sum = kernels.reduce(object["outside"]?.double ?? .nan) { $0 + ($1["seconds"]?.double ?? .nan) }
    #expect(abs(sum - (object["seconds"]?.double ?? .nan)) < 1e-9)
    #expect((object["peak_flop_per_second"]?.double ?? 0) > 0)
  }

  @Test func theTextShowsMemoryAndTheListOnlyNames() {
    let times = Lines()
    var command = BenchCommand(filter: "nt_xent", json: false)
    command.seconds = 0
    #expect(command.run(times.console) == .success)
    #expect(times.out.count == 1 && times.all.contains("peak memory ") && times.all.contains("iB)"))
    let names = Lines()
    #expect(BenchCommand(filter: "nt_xent", json: false, report: .names).run(names.console) == .success)
    #expect(names.out == ["nt_xent/n512_d128"])
  }

  @Test func theRooflineHasEveryConvolutionOfTheNetwork() throws {
    let roofline = try Bench.roofline(batch: 1, seconds: 0)
    // Eleven geometries in three passes, without the gradient of the images.
    #expect(roofline.convolutions.count == 32)
    #expect(Set(roofline.convolutions.map(\.geometry)).count == 11)
    #expect(roofline.convolutions[0].geometry == "1×32×32×3→64 3×3/1")
    #expect(roofline.convolutions.last?.geometry == "1×4×4×512→512 3×3/1")
    #expect(roofline.convolutions.contains { $0.geometry == "1×16×16×128→256 1×1/2" })
    #expect(roofline.convolutions.allSatisfy { $0.seconds > 0 && $0.productOperations <= $0.operations })
    #expect((1...2).contains(roofline.peaks.count) && roofline.peaks.allSatisfy { $0.operationsPerSecond > 0 })
    let operations = roofline.convolutions.filter { $0.direction == .forward }.map(\.operations)
    #expect(operations[1] == 2 * 32 * 32 * 64 * 64 * 9)
    let json = try JSONValue(parsing: Data(roofline.json.line.utf8))
    #expect(json["convolutions"]?.elements?.count == 32 && json["processor"]?.text == roofline.processor)
    #expect(roofline.text.contains(roofline.processor) && roofline.text.contains("1×8×8×256→512 3×3/2 backward weight"))
  }

  @Test func theRooflineIsACommand() throws {
    let lines = Lines()
    var command = RooflineCommand(json: true)
    command.seconds = 0
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    let object = try JSONValue(parsing: Data(lines.out.joined().utf8))
    #expect(object["convolutions"]?.elements?.first?["geometry"]?.text == "64×32×32×3→64 3×3/1")
  }
}
