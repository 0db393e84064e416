import Foundation
import RecipeLanguage

/// Loads and runs the examples of diagnostic codes as `harmonia check` would: with the files beside them, the overrides
/// and limits they name, and a recipe `base` of the host.
package struct CodeExample {
  package let code: DiagnosticCode
  package let catalogue: Catalogue
  /// The text of a recipe `base`, for examples that build on it.
  package let base: String

  package init(_ code: DiagnosticCode, catalogue: Catalogue, base: String) {
    self.code = code
    self.catalogue = catalogue
    self.base = base
  }

  /// What came of an example.
  package struct Outcome {
    package let diagnostics: [Diagnostic]
    /// What is printed, with paths relative to the example's folder.
    package let rendering: String
    package var codes: [String] { diagnostics.map(\.code.id) }
  }

  /// What the text of the page that shows the code yields.
  package func failing() throws -> Outcome { try outcome(code.example, code.overrides?.failing) }

  /// What the mended text yields.
  package func corrected() throws -> Outcome { try outcome(code.corrected, code.overrides?.corrected) }

  private func outcome(_ example: String, _ override: String?) throws -> Outcome {
    let folder = try TemporaryFolder()
    let diagnostics = try diagnostics(example, override, in: folder)
    let rendering = DiagnosticRenderer().text(diagnostics)
      .replacingOccurrences(of: folder.url.path + "/", with: "")
    return Outcome(diagnostics: diagnostics, rendering: rendering)
  }

  private func diagnostics(_ example: String, _ override: String?, in folder: TemporaryFolder) throws -> [Diagnostic] {
    var text = example
    if text.contains("from base"), !text.contains("recipe base") { text += "\n\n" + base }
    var bytes = Array(text.utf8)
    switch code.id {
    case "E0001":
      // The example is a command.
      guard text.contains("nowhere") else { return [] }
      return Program.load(folder.file("nowhere.recipe").path, catalogue: catalogue).diagnostics
    case "E0002" where text.contains("Latin-1"): bytes = Array(text.unicodeScalars.map { UInt8($0.value & 0xFF) })
    default: break
    }
    if code.files.isEmpty { return load(SourceFile(name: "main.recipe", bytes: bytes), at: nil, override) }
    for (name, content) in code.files.merging(["main.recipe": ""], uniquingKeysWith: { first, _ in first }) {
      let url = folder.file(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(name == "main.recipe" ? bytes : Array(content.utf8)).write(to: url)
    }
    return load(nil, at: folder.file("main.recipe").path, override)
  }

  private func load(_ source: SourceFile?, at path: String?, _ override: String?) -> [Diagnostic] {
    var limits = Limits()
    if let limit = code.limit { limits[limit.name] = limit.value }
    let overrides = [override].compactMap { $0 }.map { Override($0) }
    var program: Program?
    var diagnostics: [Diagnostic] = []
    if let source {
      (program, diagnostics) = Program.load(source, catalogue: catalogue, overrides: overrides, limits: limits)
    } else if let path {
      (program, diagnostics) = Program.load(path, catalogue: catalogue, overrides: overrides, limits: limits)
    }
    if let program {
      for test in program.tests {
        diagnostics += program.run(test, granting: [.compute, .read, .output], limits: limits).diagnostics
      }
    }
    return diagnostics
  }
}
