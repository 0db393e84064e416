/// Declarations and expressions entered one after the other, as in a REPL.
///
/// A name may be declared again: what uses it follows, as if the new declaration had stood there from the start. Values
/// whose computation has effects (a tensor read from a file) are kept until something they use is declared again. Where
/// an input has an error, the session stays as it was.
public struct Session {
  /// What came of an input.
  public struct Reply {
    /// What happened, in order.
    public var results: [Result] = []
    /// Errors, after which nothing has changed, and warnings.
    public var diagnostics: [Diagnostic] = []
    /// Whether there is an error.
    public var failed: Bool { diagnostics.hasErrors }
  }

  /// One thing that happened.
  public enum Result: Sendable {
    /// An expression has this value.
    case value(Value, ValueType)
    /// Something is declared. `followers` are older declarations that use a name which was declared before.
    case declared(Symbol, again: Bool, followers: [String])
    /// A test was run.
    case tested(name: String, passed: Bool)
  }

  /// The words, with the types the session declares.
  public var catalogue: Catalogue { analysis.checker.catalogue }
  /// What the declarations mean together.
  public private(set) var analysis: Analysis
  let words: Catalogue
  let limits: Limits
  let folder: String
  let granted: Set<Effect>
  private var declarations: [Declaration] = []
  private var kept: [Recorder.Place: Value] = [:]
  private var inputs = 0

  /// An empty session.
  ///
  /// - Parameters:
  ///   - catalogue: the words it may use.
  ///   - folder: where imports and files are looked for.
  ///   - limits: what each input may use.
  ///   - granted: the effects functions may have.
  public init(
    _ catalogue: Catalogue, folder: String = ".", limits: Limits = Limits(),
    granting granted: Set<Effect> = [.compute, .read, .write, .output]
  ) {
    words = catalogue
    self.limits = limits
    self.folder = folder
    self.granted = granted
    analysis = Analysis(SourceFile(name: "session", text: ""), path: nil, catalogue: catalogue, limits: limits)
  }

  /// Whether more has to follow: a bracket or a comment is open.
  public static func isIncomplete(_ text: String) -> Bool { Parser.isIncomplete(text) }

  /// The recipes, sweeps and tests declared so far.
  public var program: Program? { analysis.program }

  /// Forgets everything that was declared.
  public mutating func reset() {
    (declarations, kept) = ([], [:])
    analysis = Analysis(SourceFile(name: "session", text: ""), path: nil, catalogue: words, limits: limits)
  }

  /// Declares and computes what a text says.
  public mutating func enter(
    _ text: String, output: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Reply {
    inputs += 1
    return add(SourceFile(name: "input \(inputs)", text: text), output, isFile: false)
  }

  /// Declares everything a file declares. Its imports are looked for beside it.
  public mutating func load(_ path: String, output: @escaping @Sendable (String) -> Void = { _ in }) -> Reply {
    switch SourceFile.read(path, limits) {
    case .success(let source): return add(source, output, isFile: true)
    case .failure(let error): return Reply(diagnostics: [error.diagnostic])
    }
  }

  /// The type of an expression, or what a name means that is no value; nil, with diagnostics, for an expression with
  /// an error.
  public func type(of text: String) -> (text: String?, diagnostics: [Diagnostic]) {
    let name = text.trimmed
    if let symbol = symbols(named: name).first, symbol.kind != .value { return (symbol.signature, []) }
    let sink = DiagnosticSink(limit: limits.diagnostics)
    let source = SourceFile(name: "input", text: text)
    let type = DeepStack.run(limits) { limits, end in
      let expression = Parser.parseExpression(source, limits: limits, into: sink)
      let (checker, _, _) = check(declarations, sink, SessionValues(kept), source, { _ in }, limits, end)
      checker.scope = Scope()
      return checker.withEffectsIfNeeded { checker.check(expression) }.type
    }
    let found = sink.finished()
    return (found.hasErrors ? nil : "\(type)", found)
  }

  /// What a word means: what the session declares under it, else words of the language and its host.
  public func symbols(named word: String) -> [Symbol] {
    let declared = declarations.filter { $0.name.text == word }.compactMap { declaration in
      analysis.declarations[Recorder.Place(declaration.name.span)].map(analysis.symbol)
    }
    return declared.isEmpty ? catalogue.symbols(named: word) : declared
  }

  /// Everything declared, in order.
  public var symbols: [Symbol] {
    declarations.compactMap { declaration in
      analysis.declarations[Recorder.Place(declaration.name.span)].map(analysis.symbol)
    }
  }

  // MARK: Input

  private mutating func add(
    _ source: SourceFile, _ output: @escaping @Sendable (String) -> Void, isFile: Bool
  ) -> Reply {
    let old = self
    let (new, reply) = DeepStack.run(limits) { limits, end in
      var session = old
      let reply = session.add(source, output, isFile, limits, end)
      return (session, reply)
    }
    self = new
    return reply
  }

  private mutating func add(
    _ source: SourceFile, _ output: @escaping @Sendable (String) -> Void, _ isFile: Bool, _ limits: Limits,
    _ end: StackEnd
  ) -> Reply {
    let sink = DiagnosticSink(limit: limits.diagnostics)
    let items =
      isFile
      ? Parser.parse(source, limits: limits, into: sink).declarations.map { .declaration($0) }
      : Parser.parseInput(source, limits: limits, into: sink)
    let new = items.compactMap { if case .declaration(let declaration) = $0 { declaration } else { nil } }
    let change = SessionChange(declarations, adding: new)
    let values = SessionValues(kept.filter { change.keeps.contains($0.key) })
    let (checker, recorder, modules) = check(change.declarations, sink, values, source, output, limits, end)
    var reply = Reply()
    for item in items where !sink.hasErrors {
      guard case .statement(let statement) = item else { continue }
      if let result = checker.run(statement) { reply.results.append(result) }
    }
    reply.diagnostics = sink.finished()
    if reply.failed { return reply }
    analysis = Analysis(source, sink, checker, recorder, modules)
    (declarations, kept) = (change.declarations, values.kept)
    reply.results = new.map(declared(change)) + reply.results
    if !isFile { runTests(new, &reply, output) }
    return reply
  }

  private func declared(_ change: SessionChange) -> (Declaration) -> Result {
    { declaration in
      let symbol = analysis.declarations[Recorder.Place(declaration.name.span)].map(analysis.symbol)
      return .declared(
        symbol ?? Symbol(name: declaration.name.text, kind: .value, signature: declaration.name.text, doc: ""),
        again: change.replaced.contains(declaration.name.text), followers: change.followers(of: declaration))
    }
  }

  private func runTests(
    _ new: [Declaration], _ reply: inout Reply, _ output: @escaping @Sendable (String) -> Void
  ) {
    guard let program else { return }
    for declaration in new {
      guard case .test = declaration.kind, let test = program.tests.first(where: { $0.name == declaration.name.text })
      else { continue }
      let outcome = program.run(test, granting: granted, limits: limits, output: output)
      reply.diagnostics += outcome.diagnostics
      reply.results.append(.tested(name: test.name, passed: outcome.passed))
    }
  }

  /// Checks all declarations together and computes their values.
  private func check(
    _ declarations: [Declaration], _ sink: DiagnosticSink, _ values: SessionValues, _ source: SourceFile,
    _ output: @escaping @Sendable (String) -> Void, _ limits: Limits, _ end: StackEnd
  ) -> (Checker, Recorder, [Module]) {
    let main = Module(
      tree: SyntaxTree(source: source, declarations: declarations, comments: []), path: folder + "/session")
    var modules: [Module] = []
    for (path, imports) in importsByFile(declarations) {
      var loader = ModuleLoader(path: path, limits: limits, sink: sink)
      let part = Module(tree: SyntaxTree(source: source, declarations: imports, comments: []), path: path)
      loader.loadImports(of: part)
      modules += loader.modules
      main.imports.merge(part.imports) { first, _ in first }
      main.importNames.merge(part.importNames) { first, _ in first }
    }
    modules.append(main)
    let recorder = Recorder()
    let checker = Checker(catalogue: words, limits: limits, sink: sink, module: main, recorder: recorder)
    checker.session = values
    checker.machine.granted = granted
    checker.machine.stackEnd = end
    checker.machine.output = output
    for module in modules { checker.declare(module) }
    for index in checker.orderedGlobals() { checker.process(index) }
    return (checker, recorder, modules)
  }

  /// Imports with the file their paths are relative to.
  private func importsByFile(_ declarations: [Declaration]) -> [(String, [Declaration])] {
    var result: [(String, [Declaration])] = []
    for declaration in declarations {
      guard case .imported = declaration.kind else { continue }
      let name = declaration.name.span.file.name
      let path = name.hasPrefix("input ") ? folder + "/session" : name
      if let index = result.firstIndex(where: { $0.0 == path }) {
        result[index].1.append(declaration)
      } else {
        result.append((path, [declaration]))
      }
    }
    return result
  }
}

extension String {
  /// Without spaces and line breaks at the ends.
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
