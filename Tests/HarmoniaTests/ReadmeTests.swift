import Foundation
import Harmonia
import Testing
import TestSupport

/// The Swift example of README.md, word for word.
@Suite struct ReadmeTests {
  @Test func theExampleRuns() throws {
    // Ten unit vectors at equal angles in 64 dimensions, and 32 embeddings.
    let structure = try GeometricStructure(classes: 10, dimension: 64, seed: 0)
    var random = CounterRandom(seed: 1, .synthetic)
    let embeddings = random.normal(shape: [32, 64])

    // Assign them under a long-tailed prior: rows sum to 1, columns to 32 · prior.
    let scores = try normalizeRows(matmul(embeddings, structure.vertices, transposeB: true)).rows
    let prior = Tensor((0..<10).map { Float(pow(0.6, Double($0))) }, shape: [10])
    let labels = try Sinkhorn(.init(lambda: 0.05, iterations: 300))(scores, prior: prior)
    print(labels.assignment.shape, labels.marginalError)

    // A convolution, planned once: 3×3, N H W C in, K R S C weights.
    let convolution = try Convolution(input: [8, 32, 32, 3], outputChannels: 16, kernel: (3, 3), stride: 1, padding: 1)

    #expect(labels.assignment.shape == [32, 10] && labels.converged)
    let total = prior.values.reduce(0, +)
    for k in 0..<10 {
      let mass = (0..<32).map { labels.assignment[flat: $0 * 10 + k] }.reduce(0, +)
      #expect(abs(mass - 32 * prior[flat: k] / total) < 1e-2)
    }
    #expect(convolution.outputShape == [8, 32, 32, 16])
  }

  /// So that the text cannot drift from what is tested.
  @Test func theExampleIsTheReadmes() throws {
    let readme = try String(contentsOf: Fixtures.root.appending(path: "../README.md"), encoding: .utf8)
    let source = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
    let example = try #require(readme.components(separatedBy: "import Harmonia\n\n").last?.components(separatedBy: "```").first)
    for line in example.split(separator: "\n") { #expect(source.contains(line)) }
  }
}
