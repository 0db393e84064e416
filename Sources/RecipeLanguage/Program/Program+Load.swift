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
    switch SourceFile.read(path, limits) {
    case .success(let source): return load(source, path: path, catalogue, overrides, limits)
    case .failure(let error): return (nil, [error.diagnostic])
    }
  }

  /// The same for text that is at hand; it can import nothing.
  public static func load(
    _ source: SourceFile, catalogue: Catalogue, overrides: [Override] = [], limits: Limits = Limits()
  ) -> (program: Program?, diagnostics: [Diagnostic]) {
    load(source, path: nil, catalogue, overrides, limits)
  }

  private static func load(
    _ source: SourceFile, path: String?, _ catalogue: Catalogue, _ overrides: [Override], _ limits: Limits
  ) -> (program: Program?, diagnostics: [Diagnostic]) {
    DeepStack.run(limits) { limits, end in check(source, path: path, catalogue, overrides, limits, end) }
  }

  private static func check(
    _ source: SourceFile, path: String?, _ catalogue: Catalogue, _ overrides: [Override], _ limits: Limits,
    _ stackEnd: StackEnd
  ) -> (program: Program?, diagnostics: [Diagnostic]) {
    let sink = DiagnosticSink(limit: limits.diagnostics)
    var loader = ModuleLoader(path: path, limits: limits, sink: sink)
    let main = loader.load(source, path: path)
    let checker = Checker(catalogue: catalogue, limits: limits, sink: sink, module: main)
    checker.machine.stackEnd = stackEnd
    checker.parse(overrides)
    for module in loader.modules { checker.declare(module) }
    for index in checker.orderedGlobals() { checker.process(index) }
    checker.reportUnusedOverrides()
    let diagnostics = sink.finished()
    return (sink.hasErrors ? nil : Program(checker, source), diagnostics)
  }

  init(_ checker: Checker, _ source: SourceFile) {
    self.source = source
    catalogue = checker.catalogue
    limits = checker.limits
    recipes = checker.recipes.sorted { $0.key < $1.key }.map(\.value)
    sweeps = checker.sweeps.sorted { $0.key < $1.key }.map(\.value)
    let tasks = checker.tasks.sorted { $0.declaration.span.lower < $1.declaration.span.lower }
    let tests = checker.tests.sorted { $0.declaration.span.lower < $1.declaration.span.lower }
    self.tasks = tasks.map(\.declaration)
    self.tests = tests.map(\.declaration)
    image = ProgramImage(
      globals: checker.machine.globals, functions: checker.machine.functions,
      tests: Dictionary(tests.map { ($0.declaration.name, $0.body) }, uniquingKeysWith: { first, _ in first }),
      tasks: Dictionary(tasks.map { ($0.declaration.name, $0.body) }, uniquingKeysWith: { first, _ in first }))
  }
}

/// What is needed to run a program's tests and tasks.
struct ProgramImage: Sendable {
  let globals: [Value?]
  let functions: [FunctionCode]
  let tests: [String: BodyCode]
  let tasks: [String: BodyCode]
}
