import Experiment
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

/// Precision and algorithm of convolutions, from the recipe and the command line to checkpoints and measuring.
@Suite(.serialized) struct ConvolutionChoiceTests {
  /// Wide enough that plans choose Winograd.
  private static let wide = TinyExperiment.standard.replacingOccurrences(of: "width: 4", with: "width: 16")

  private static func with(_ arguments: String) -> String {
    wide.replacingOccurrences(of: "mlp(output: 8))", with: "mlp(output: 8), \(arguments))")
  }

  private func arms(_ tiny: TinyExperiment, _ request: RecipeRequest) throws -> [JSONValue] {
    let lines = Lines()
    #expect(PlanCommand(recipe: request, json: true).run(lines.console) == .success, "\(lines.all)")
    return try JSONValue(parsing: Data(lines.out.joined().utf8))["arms"]?.elements ?? []
  }

  private func algorithms(_ arm: JSONValue) -> Set<String> {
    Set((arm["convolutions"]?.elements ?? []).compactMap { $0["algorithm"]?.text })
  }

  @Test func theWordsAreThoseOfTheLibrary() {
    let enums = RecipeCatalogue.shared.enums
    #expect(enums["Precision"]?.members.map(\.name) == Convolution.Precision.allCases.map(\.rawValue))
    #expect(enums["ConvolutionAlgorithm"]?.members.map(\.name) == ConvolutionAlgorithm.allCases.map(\.rawValue))
  }

  // MARK: Plan

  @Test func aPlanShowsTheConvolutions() throws {
    let tiny = try TinyExperiment(Self.wide)
    let lines = Lines()
    #expect(PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path)).run(lines.console) == .success)
    for part in [
      "precision  fast\n", "layer1.0.conv1 ×2", "12×12×1 → 12×12×16", "12×12×16 → 6×6×32", "3×3 / 2", "1×1 / 2",
      "winograd4", "multiply-adds",
    ] { #expect(lines.all.contains(part), "\(part): \(lines.all)") }

    let arm = try #require(try arms(tiny, RecipeRequest(file: tiny.recipe.path)).first)
    #expect(arm["precision"]?.text == "fast" && arm["convolution"] == .null)
    let rows = arm["convolutions"]?.elements ?? []
    let layers = rows.flatMap { $0["layers"]?.elements ?? [] }.compactMap(\.text)
    #expect(
      layers == ["conv1", "layer1.0.conv1", "layer1.0.conv2", "layer2.0.conv1", "layer2.0.conv2", "layer2.0.shortcut.0"]
        .map { "backbone." + $0 })
    #expect(rows[1]["layers"]?.elements?.count == 2)
    #expect(rows[0]["input"] == .integers([8, 12, 12, 1]) && rows[0]["output"] == .integers([8, 12, 12, 16]))
    #expect(rows[2]["kernel"] == .int(3) && rows[2]["stride"] == .int(2))
    #expect(abs(rows.compactMap { $0["share"]?.double }.reduce(0, +) - 1) < 1e-12)
    // 2 · 12² · 16 · 9 · 16 of all.
    let all = 144 * 9 * 16 + 2 * 144 * 9 * 256 + 36 * 9 * 512 + 36 * 9 * 1024 + 36 * 512
    #expect(abs(rows[1]["share"]!.double! - Double(2 * 144 * 9 * 256) / Double(all)) < 1e-12)
  }

  @Test func precisionExactPlansNoWinograd() throws {
    let tiny = try TinyExperiment(Self.with("precision: .exact"))
    for arm in try arms(tiny, RecipeRequest(file: tiny.recipe.path)) {
      #expect(arm["precision"]?.text == "exact")
      #expect(algorithms(arm).isDisjoint(with: ["winograd2", "winograd4"]))
      #expect(arm["recipe"]?.text?.contains("precision: .exact, convolution: none") == true)
    }
  }

  @Test(arguments: ConvolutionAlgorithm.allCases) func theOptionIsTheField(algorithm: ConvolutionAlgorithm) throws {
    let tiny = try TinyExperiment(Self.wide)
    let written = try TinyExperiment(Self.with("convolution: .\(algorithm)"))
    let byOption = try arms(tiny, RecipeRequest(file: tiny.recipe.path, convolution: algorithm))
    let byField = try arms(written, RecipeRequest(file: written.recipe.path))
    #expect(byOption.map { $0["identity"]?.text } == byField.map { $0["identity"]?.text })
    let plain = try arms(tiny, RecipeRequest(file: tiny.recipe.path))
    #expect(byOption[0]["identity"] != plain[0]["identity"])
    #expect(byOption[0]["convolution"]?.text == algorithm.rawValue)
    let isAnywhere = [.im2col, .direct].contains(algorithm)
    #expect(algorithms(byOption[0]).contains(algorithm.rawValue))
    #expect((algorithms(byOption[0]).count == 1) == isAnywhere, "3×3 with stride 2 and 1×1 know no Winograd")
  }

  @Test func winogradContradictsExact() throws {
    let tiny = try TinyExperiment(Self.with("precision: .exact"))
    let lines = Lines()
    let request = RecipeRequest(file: tiny.recipe.path, convolution: .winograd2)
    #expect(PlanCommand(recipe: request).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("`convolution: .winograd2` contradicts `precision: .exact`"))
    #expect(lines.all.contains("--> --convolution:1:"))
    #expect(try arms(tiny, RecipeRequest(file: tiny.recipe.path, convolution: .direct)).count == 2)
  }

  // MARK: Run, resume, embed

  /// Bits differ by precision and algorithm, and only by them.
  @Test func trainingAndMeasuringUseTheChoice() throws {
    let tiny = try TinyExperiment(Self.wide)
    var finals: [String: Data] = [:]
    for (out, set) in [
      ("fast", []), ("exact", ["model.precision=.exact"]), ("again", ["model.precision=.exact"]),
      ("im2col", ["model.convolution=.im2col"]),
    ] {
      let lines = Lines()
      #expect(tiny.command(out: out, set: set, recipes: ["plain"]).run(lines.console) == .success, "\(lines.all)")
      let tensors = try SafeTensors.read(tiny.folder.file("\(out)/plain/checkpoints/last.safetensors"))
      let metadata = tensors.metadata
      #expect(metadata["precision"] == (out == "fast" || out == "im2col" ? "fast" : "exact"))
      #expect(metadata["convolution"] == (out == "im2col" ? "im2col" : nil))
      let text = String(decoding: try tiny.data("\(out)/plain/recipe.resolved"), as: UTF8.self)
      #expect(text.contains(out == "im2col" ? "convolution: .im2col" : "convolution: none"))
      // The checkpoint alone gives the numbers of its training, so `embed` computes by its choice.
      let embed = EmbedCommand(
        checkpoint: tiny.folder.file("\(out)/plain").path, images: tiny.folder.file("test-images").path,
        output: tiny.folder.file("\(out).npy").path)
      #expect(embed.run(lines.console) == .success, "\(lines.all)")
      finals[out] = try tiny.data("\(out).npy")
    }
    #expect(finals["exact"] == finals["again"])
    #expect(Set([finals["fast"], finals["exact"], finals["im2col"]]).count == 3)

    // The same weights by another algorithm give other bits: `embed` does not fall back to the default.
    let file = tiny.folder.file("exact/plain/checkpoints/last.safetensors")
    var contents = try SafeTensors.read(file)
    contents.metadata["precision"] = "fast"
    try SafeTensors.write(contents, to: tiny.folder.file("other.safetensors"))
    contents.metadata["precision"] = "rough"
    try SafeTensors.write(contents, to: tiny.folder.file("unknown.safetensors"))
    func embed(_ name: String, _ lines: Lines) -> Experiment.ExitStatus {
      EmbedCommand(
        checkpoint: tiny.folder.file(name).path, images: tiny.folder.file("test-images").path,
        output: tiny.folder.file("other.npy").path
      ).run(lines.console)
    }
    let lines = Lines()
    #expect(embed("other.safetensors", lines) == .success)
    #expect(try tiny.data("other.npy") != finals["exact"])
    #expect(embed("unknown.safetensors", lines) == .failedRun)
    #expect(lines.all.contains("metadata \"precision\" is \"rough\""), "\(lines.all)")
  }

  @Test(arguments: [
    ("model.precision=.exact", "model.precision: .fast → .exact"),
    ("model.convolution=.direct", "model.convolution: none → .direct"),
  ])
  func resumingUnderAnotherChoiceIsRefusedByName(set: String, message: String) throws {
    let tiny = try TinyExperiment(Self.wide)
    #expect(tiny.command(stopAfter: 2).run(Lines().console) == .interrupted)
    let before = try tiny.data("run/plain/checkpoints/last.safetensors")
    let lines = Lines()
    #expect(tiny.command(resume: true, set: [set]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("was started with another recipe") && lines.all.contains(message), "\(lines.all)")
    #expect(try tiny.data("run/plain/checkpoints/last.safetensors") == before)
    #expect(tiny.command(resume: true, recipes: ["plain"]).run(Lines().console) == .success)
  }

  @Test func resumingUnderTheSameChoiceChangesNothing() throws {
    let tiny = try TinyExperiment(Self.wide)
    func command(_ out: String, resume: Bool = false, stopAfter: Int? = nil) -> RunCommand {
      var command = tiny.command(out: out, resume: resume, recipes: ["plain"], stopAfter: stopAfter)
      command.recipe.convolution = .winograd2
      return command
    }
    #expect(command("whole").run(Lines().console) == .success)
    #expect(command("parts", stopAfter: 5).run(Lines().console) == .interrupted)
    #expect(command("parts", resume: true).run(Lines().console) == .success)
    for path in ["result.json", "plain/checkpoints/last.safetensors"] {
      #expect(try tiny.data("whole/\(path)") == tiny.data("parts/\(path)"), "\(path)")
    }
  }

  // MARK: Bench and the program

  @Test func benchMeasuresTheAlgorithmWhereItCan() throws {
    func algorithms(_ filter: String, _ convolution: ConvolutionAlgorithm?) -> Set<ConvolutionAlgorithm?> {
      Set(Bench.workloads(filter: filter, convolution: convolution).map(\.algorithm))
    }
    #expect(algorithms("n128_c16_h32_k16_r3_s1", .im2col) == [.im2col])
    #expect(algorithms("n64_c64_h32_k64_r3_s1", .winograd2) == [.winograd2])
    #expect(algorithms("r1_s2", .winograd2) == algorithms("r1_s2", nil))
    #expect(algorithms("step/", .im2col) == [nil])
    let lines = Lines()
    let command = BenchCommand(filter: "n128_c16_h32_k16_r3_s1/forward", json: true, convolution: .im2col)
    #expect(command.run(lines.console) == .success)
    #expect(try JSONValue(parsing: Data(lines.out[0].utf8))["algorithm"]?.text == "im2col")
  }

  @Test(arguments: ["run", "plan", "bench"]) func anUnknownWordIsAnsweredWithTheList(command: String) throws {
    let outcome = try HarmoniaProgram.run(
      command, command == "bench" ? "--list" : "my.recipe", "--convolution", "winograd")
    #expect(outcome.status == 64)
    #expect(outcome.err.contains("'winograd' is invalid for '--convolution <algorithm>'"))
    #expect(outcome.err.contains("'im2col', 'direct', 'winograd2' or 'winograd4'"))
    #expect(try HarmoniaProgram.run(command, "--help").out.contains("--convolution <algorithm>"))
  }

  @Test func theProgramPlansWithTheOption() throws {
    let tiny = try TinyExperiment(Self.wide)
    let outcome = try HarmoniaProgram.run("plan", tiny.recipe.path, "--convolution", "direct")
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out.contains("precision  fast; direct where a layer allows it"))
    #expect(!outcome.out.contains("winograd"))
  }
}
