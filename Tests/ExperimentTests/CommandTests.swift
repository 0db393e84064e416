import Experiment
import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct CommandTests {
  @Test func aPlanCountsAndIsJSON() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    let request = RecipeRequest(file: tiny.recipe.path)
    #expect(PlanCommand(recipe: request).run(lines.console) == .success, "\(lines.all)")
    #expect(lines.all.contains("21 for training, 3 classes of 3…12; 15 for testing"))
    #expect(lines.all.contains("3 an epoch of batch 8, 4 epochs, 12 in all"))
    let json = Lines()
    #expect(PlanCommand(recipe: request, json: true).run(json.console) == .success)
    let plan = try JSONValue(parsing: Data(json.out.joined().utf8))
    let arms = plan["arms"]?.elements ?? []
    try #require(arms.count == 2)
    #expect(arms.map { $0["name"]?.text } == ["plain", "harmonious"])
    #expect(arms[0]["steps"]?.integer == 12)
    #expect(arms[1]["harmonization_starts"]?.integer == 2)
    #expect(arms[0]["class_counts"] == .integers([12, 6, 3]))
  }

  @Test func embeddingsComeInTheOrderOfTheImages() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    let images = tiny.folder.file("test-images").path
    for (output, projection, width) in [("h.npy", false, 8), ("z.safetensors", true, 8)] {
      let lines = Lines()
      let command = EmbedCommand(
        checkpoint: tiny.folder.file("run/plain").path, images: images, output: tiny.folder.file(output).path,
        projection: projection)
      #expect(command.run(lines.console) == .success, "\(lines.all)")
      #expect(lines.out.last?.contains("15 × \(width)") == true)
    }
    #expect(try Npy.read(tiny.folder.file("h.npy")).shape == [15, 8])
    let contents = try SafeTensors.read(tiny.folder.file("z.safetensors"))
    #expect(contents.tensors["embeddings"]?.shape == [15, 8])
    #expect(contents.metadata["layer"] == "projection")
  }

  @Test(arguments: [
    ("run/plain", "test-images", "out.txt", ".npy or .safetensors"), ("nowhere", "test-images", "o.npy", "no such"),
    ("run", "test-images", "o.npy", "name one of its recipes: plain"),
    ("run/plain", "nowhere", "o.npy", "no such file"),
    ("run/plain", "tiny.recipe", "o.npy", "no known form of images"),
    ("tiny.recipe", "test-images", "o.npy", "tiny.recipe"),
  ])
  func embeddingMistakes(checkpoint: String, images: String, output: String, message: String) throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    let lines = Lines()
    let command = EmbedCommand(
      checkpoint: tiny.folder.file(checkpoint).path, images: tiny.folder.file(images).path,
      output: tiny.folder.file(output).path)
    #expect(command.run(lines.console) == .failedRun)
    #expect(lines.all.contains(message), "\(lines.all)")
    #expect(!tiny.exists(output))
  }

  @Test func embeddingsThatAreNotFiniteAreNotWritten() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    var contents = try SafeTensors.read(tiny.folder.file("run/plain/checkpoints/last.safetensors"))
    let name = "backbone.conv1.weight"
    let weight = try #require(contents.tensors[name])
    var values = weight.doubles.map(Float.init)
    values[0] = .nan
    contents.tensors[name] = FileTensor(values, shape: weight.shape)
    try SafeTensors.write(contents, to: tiny.folder.file("nan.safetensors"))
    for (output, message) in [("o.npy", "not finite"), ("nowhere/o.npy", "No such file or directory")] {
      let lines = Lines()
      let command = EmbedCommand(
        checkpoint: tiny.folder.file("nan.safetensors").path, images: tiny.folder.file("test-images").path,
        output: tiny.folder.file(output).path)
      #expect(command.run(lines.console) == .failedRun)
      #expect(lines.all.contains(message), "\(lines.all)")
      #expect(!tiny.exists(output))
    }
  }

  private static let scripts = Fixtures.root.deletingLastPathComponent().appending(path: "Scripts")
  private static let recipes =
    ((try? FileManager.default.contentsOfDirectory(atPath: scripts.path)) ?? []).filter { $0.hasSuffix(".recipe") }
    .sorted()

  /// The recipes that come with the project check clean, and their tests pass.
  @Test(arguments: Self.recipes)
  func theProjectsRecipesAreRight(name: String) {
    let file = Self.scripts.appending(path: name)
    let lines = Lines()
    #expect(CheckCommand(recipe: RecipeRequest(file: file.path)).run(lines.console) == .success, "\(lines.all)")
  }

  @Test func thereIsARecipeToStartFromForEachPurpose() throws {
    #expect(Self.recipes.count >= 12)
    for name in Self.recipes {
      let text = try String(contentsOf: Self.scripts.appending(path: name), encoding: .utf8)
      // Each says how it is used, and each of its recipes and sweeps what it is.
      #expect(text.contains("//   harmonia "), "\(name)")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (line, before) in zip(lines.dropFirst(), lines) where line.hasPrefix("recipe ") || line.hasPrefix("sweep ") {
        #expect(before.hasPrefix("/// "), "\(name): \(line)")
      }
    }
  }
}
