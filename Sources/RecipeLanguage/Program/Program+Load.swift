import Foundation

extension Program {
  /// Reads, checks and resolves a recipe file. All errors are found at once.
  ///
  /// - Parameters:
  ///   - path: the file. Imports are looked for beside it and below.
  ///   - catalogue: the words the file may use.
  ///   - overrides: `--set` arguments, applied to every recipe after its own amendments.
  ///   - limits: what checking and resolving may use.
  /// - Returns: the program, or nil if there was an error; and what was found, warnings included, in source order.
  public static func load(
    _ path: String, catalogue: Catalogue, overrides: [Override] = [], limits: Limits = Limits()
  ) -> (program: Program?, diagnostics: [Diagnostic]) {
    let source = SourceFile(name: path, bytes: [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
    return load(source, catalogue: catalogue, overrides: overrides, limits: limits)
  }

  /// The same for text that is at hand.
  public static func load(
    _ source: SourceFile, catalogue: Catalogue, overrides: [Override] = [], limits: Limits = Limits()
  ) -> (program: Program?, diagnostics: [Diagnostic]) {
    let code = DiagnosticCode("E0001", "file cannot be read", "")
    let span = SourceSpan(file: source, lower: 0, upper: 0)
    return (nil, [Diagnostic(code, "the checker is not there yet", at: span)])
  }

  /// Runs one test of this program.
  ///
  /// - Parameter granting: the effects it may have; calling a function with another one is an error.
  public func run(
    _ test: TestDeclaration, granting: Set<Effect>, limits: Limits = Limits(),
    output: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Outcome {
    Outcome(passed: false, expectations: 0, diagnostics: [], output: "")
  }

  /// Runs one task of this program.
  ///
  /// - Parameter results: a value of the catalogue's `resultType` for each name it needs.
  public func run(
    _ task: TaskDeclaration, results: [String: Value], granting: Set<Effect>, limits: Limits = Limits(),
    output: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Outcome {
    Outcome(passed: false, expectations: 0, diagnostics: [], output: "")
  }
}
