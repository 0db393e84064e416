import Experiment
import Foundation
import Synchronization
import TestSupport
import Testing

/// A folder with a small labelled data set (three kinds of stripes) and a recipe file, for whole runs in a test.
final class TinyExperiment {
  let folder: TemporaryFolder
  let recipe: URL

  static let standard = """
    edition 1
    let stripes = idx("train-images", labels: "train-labels", test_images: "test-images", test_labels: "test-labels")
      .long_tail(imbalance: 4)
    /// alone
    recipe plain {
      seed = 5
      length = 4ep
      data = two_views(source: stripes, augment: .simclr(size: 12), batch: 8)
      model = encoder(resnet(blocks: [1, 1], width: 4), projector: mlp(output: 8))
      method = simclr(temperature: 0.5)
      optimizer = sgd(lr: ramp(0 -> 0.1, over: 1ep) then cosine(0.1 -> 0.001))
      evaluate = every(2ep, linear_probe(epochs: 20, batch: 16, neighbours: 3))
      checkpoint = every(3ep)
    }
    /// with GH
    recipe harmonious from plain {
      method = simclr(temperature: 0.5) + gh(
        structure: simplex(classes: 3, dimension: 8), starts: 2ep, weight: ramp(0 -> 1, over: 1ep),
        prior: momentum_prior(refresh: 1ep), sinkhorn: sinkhorn(iterations: 20))
    }
    """

  init(_ text: String = TinyExperiment.standard) throws {
    folder = try TemporaryFolder()
    recipe = folder.file("tiny.recipe")
    try Data(text.utf8).write(to: recipe)
    try write("train", perClass: 12, seed: 1)
    try write("test", perClass: 5, seed: 99)
  }

  func command(
    out: String = "run", resume: Bool = false, set overrides: [String] = [], recipes: [String] = [],
    stopAfter steps: Int? = nil
  ) -> RunCommand {
    var command = RunCommand(
      recipe: RecipeRequest(file: recipe.path, overrides: overrides, recipes: recipes), out: folder.file(out).path,
      resume: resume)
    let asked = Counter()
    command.shouldStop = { steps.map { asked.next() > $0 } ?? false }
    return command
  }

  /// What `plan` says of a recipe that can be run.
  func planText(_ recipe: String, set overrides: [String] = []) throws -> String {
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: self.recipe.path, overrides: overrides, recipes: [recipe]), json: false,
      runs: folder.file("runs").path, withoutData: false)
    try #require(command.run(lines.console) == .success, "\(lines.all)")
    return lines.all
  }

  func data(_ path: String) throws -> Data { try Data(contentsOf: folder.file(path)) }
  func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: folder.file(path).path) }

  private func write(_ split: String, perClass: Int, seed: Int) throws {
    let (classes, side) = (3, 14)
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    var noise = UInt32(seed)
    for index in 0..<classes * perClass {
      let label = index % classes
      labels.append(UInt8(label))
      for row in 0..<side {
        for column in 0..<side {
          noise = noise &* 1_664_525 &+ 1_013_904_223
          let place = label == 0 ? row : label == 1 ? column : row + column
          pixels.append(UInt8((place + index) % 4 < 2 ? 40 : 200) &+ UInt8(noise >> 27))
        }
      }
    }
    func header(_ kind: UInt8, _ extents: [Int]) -> Data {
      Data([0, 0, 8, kind]) + extents.flatMap { e in (0..<4).map { UInt8(truncatingIfNeeded: e >> (24 - 8 * $0)) } }
    }
    try (header(3, [labels.count, side, side]) + pixels).write(to: folder.file("\(split)-images"))
    try (header(1, [labels.count]) + labels).write(to: folder.file("\(split)-labels"))
  }
}

final class Counter: Sendable {
  private let count = Mutex(0)
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
