import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// What kernels and loops over large values do is counted before it is done: a test of a stranger's recipe ends.
@Suite struct KernelFuelTests {
  private func outcome(_ statement: String, limits: [String] = []) throws -> Outcome {
    let folder = try TemporaryFolder()
    let path = folder.file("a.recipe")
    try Data("edition 1\ntest \"t\" {\n\(statement)\n}\n".utf8).write(to: path)
    // 64 MB that are no tensor.
    try Data(count: 64 << 20).write(to: folder.file("large.npy"))
    let (program, diagnostics) = Program.load(
      path.path, catalogue: RecipeCatalogue.shared, limits: try Limits().setting(limits))
    let loaded = try #require(program, "\(DiagnosticRenderer().text(diagnostics))")
    return loaded.run(loaded.tests[0], granting: [.compute, .read, .output])
  }

  static let large = "let x = filled(1, rows: 100_000, columns: 10)\n  "

  @Test(arguments: [
    large + "let y = sinkhorn(x, prior: filled(0.1, rows: 10))", "let y = sinkhorn(filled(1, rows: 100, columns: 10), "
      + "prior: filled(0.1, rows: 10), iterations: 10_000)",
    large + "let y = nt_xent(x, x)", "let x = filled(1, rows: 5_000)\n  let y = nt_xent(x, x, gamma: 2)",
    large + "let y = gh_loss(x, x, structure: filled(1, rows: 10, columns: 10), prior: filled(0.1, rows: 10))",
    "let x = filled(1, rows: 1000, columns: 1000)\n  let y = matmul(x, x)", "let y = vertices(spread(classes: 1000, dimension: 64))",
    large + "for i in range(1000) { let y = softmax(x) }", large + "for i in range(1000) { let y = x + x }",
    large + "for i in range(1000) { let y = total(x) }", large + "for i in range(1000) { expect x ~= x within 1 }",
    "let l = range(10_000)\n  for i in range(10_000) { let y = sum(l) }", "let l = range(10_000)\n  for i in range(10_000) { expect l == l }",
    "let l = range(10_000)\n  for i in range(10_000) { let y = count(string(l)) }",
    "for i in range(10_000) { let y = filled(1, rows: 100_000) }", "for i in range(1000) { let y = load(\"large.npy\") }",
  ])
  func workIsCounted(statement: String) throws {
    // A twentieth of what recipes have: a debug build is slow.
    let outcome = try self.outcome("  " + statement, limits: ["fuel=100_000"])
    let codes = outcome.diagnostics.map(\.code.id)
    #expect(codes == ["E0803"], "\(DiagnosticRenderer().text(outcome.diagnostics))")
    guard codes == ["E0803"] else { return }
    let line = statement.split(separator: "\n").count + 2
    #expect(outcome.diagnostics[0].primary.span.line == line)
    #expect(outcome.diagnostics[0].help?.contains("--limit fuel=200000") == true)
  }

  @Test(arguments: [
    "let y = conv2d(images(), weights())", "let y = conv2d(images(), weights(), padding: 1_000_000)",
    "let y = conv2d(images(), weights(), padding: 9_000_000_000_000_000_000)",
  ])
  func convolutionsAreCounted(call: String) throws {
    let folder = try TemporaryFolder()
    try Data("edition 1\ntest \"t\" {\n  \(call.replacing("images()", with: "load(\"i.npy\")").replacing("weights()", with: "load(\"w.npy\")"))\n}\n".utf8)
      .write(to: folder.file("a.recipe"))
    try npy([1, 1, 64, 64], to: folder.file("i.npy"))
    try npy([1, 1, 3, 3], to: folder.file("w.npy"))
    let program = try #require(Program.load(folder.file("a.recipe").path, catalogue: RecipeCatalogue.shared).program)
    let outcome = program.run(program.tests[0], granting: [.compute, .read])
    let text = DiagnosticRenderer().text(outcome.diagnostics)
    #expect(outcome.diagnostics.map(\.code.id) == (call.contains("padding") ? ["E0808"] : []), "\(text)")
  }

  private func npy(_ shape: [Int], to url: URL) throws {
    let list = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(list)), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    let count = UInt16(header.utf8.count)
    let data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(header.utf8))
    try (data + Data(count: 4 * shape.reduce(1, *))).write(to: url)
  }

  @Test func filesLargerThanTheMemoryAreNotRead() throws {
    let outcome = try self.outcome("  let y = load(\"large.npy\")", limits: ["memory=1MiB"])
    #expect(outcome.diagnostics.map(\.code.id) == ["E0808"])
    #expect(outcome.diagnostics.first?.message.contains("large.npy needs more than 1048576 bytes") == true)
  }

  /// What people do in tests is far from the limit.
  @Test(arguments: [
    "let x = filled(0.5, rows: 256, columns: 128)\n  expect nt_xent(x, x) > 0",
    "let x = filled(0.5, rows: 512, columns: 100)\n  let y = sinkhorn(x, prior: filled(0.01, rows: 100))",
    "let v = vertices(simplex(classes: 100, dimension: 128))\n  expect matmul(v, v, transpose_b: true).rows == 100",
    "let x = filled(0.5, rows: 512, columns: 512)\n  let y = matmul(x, x)",
  ])
  func whatIsUsualIsAllowed(statement: String) throws {
    let outcome = try self.outcome("  " + statement)
    #expect(outcome.passed, "\(DiagnosticRenderer().text(outcome.diagnostics))")
  }
}
