/// A file as an editor needs it: what is wrong with it, and what every name in it means. It is there for files with
/// errors as well; what the parser could skip over is known.
///
/// An analysis is made anew for every version of a text: checking is fast.
public struct Analysis {
  /// The file.
  public let source: SourceFile
  /// Everything found, also in imported files.
  public let diagnostics: [Diagnostic]
  /// The program, if there is no error.
  public let program: Program?
  let checker: Checker
  let recorder: Recorder
  /// The file, last, after every file it imports.
  let modules: [Module]
  /// What is declared in these files, by the place of the name.
  let declarations: [Recorder.Place: Declared]

  /// Reads, checks and resolves a text.
  ///
  /// - Parameters:
  ///   - source: the text, perhaps newer than the file.
  ///   - path: where the file lies, for its imports; nil for text that is in no file.
  ///   - catalogue: the words it may use.
  ///   - limits: what checking and resolving may use.
  ///   - buffers: the text of a file that is open in an editor, by its real path; nil for every other file.
  public init(
    _ source: SourceFile, path: String?, catalogue: Catalogue, limits: Limits = Limits(),
    buffers: @escaping (String) -> SourceFile? = { _ in nil }
  ) {
    self.init(source, path, catalogue, limits, buffers, target: nil)
  }

  init(
    _ source: SourceFile, _ path: String?, _ catalogue: Catalogue, _ limits: Limits,
    _ buffers: @escaping (String) -> SourceFile?, target: SourceSpan?
  ) {
    let sink = DiagnosticSink(limit: limits.diagnostics)
    let recorder = Recorder(target: target)
    let (checker, modules) = DeepStack.run(limits) { limits, end in
      var loader = ModuleLoader(path: path, limits: limits, sink: sink, buffers: buffers)
      let main = loader.load(source, path: path)
      let checker = Checker(catalogue: catalogue, limits: limits, sink: sink, module: main, recorder: recorder)
      checker.machine.stackEnd = end
      for module in loader.modules { checker.declare(module) }
      for index in checker.orderedGlobals() { checker.process(index) }
      return (checker, loader.modules)
    }
    self.init(source, sink, checker, recorder, modules)
  }

  /// What was found by a checker that is done.
  init(_ source: SourceFile, _ sink: DiagnosticSink, _ checker: Checker, _ recorder: Recorder, _ modules: [Module]) {
    self.source = source
    diagnostics = sink.finished()
    program = sink.hasErrors ? nil : Program(checker, source)
    self.checker = checker
    self.recorder = recorder
    self.modules = modules
    declarations = Declared.all(checker, recorder, modules)
  }

  var main: Module { checker.mainModule }
}

extension Analysis {
  /// The path by which a file is known, whichever links lead to it.
  public static func realPath(_ path: String) -> String { ModuleLoader.real(path) }

  /// The path in the import of this file that leads to another one, perhaps through further imports.
  public func importPath(leadingTo file: SourceFile) -> SourceSpan? {
    var seen: Set<ObjectIdentifier> = []
    func leads(_ module: Module) -> Bool {
      if module.source === file { return true }
      return seen.insert(ObjectIdentifier(module)).inserted && module.imports.values.contains(where: leads)
    }
    for declaration in main.tree.declarations {
      guard case .imported(let path) = declaration.kind, let module = main.imports[declaration.name.text] else {
        continue
      }
      seen = []
      if leads(module) { return path.span }
    }
    return nil
  }

  /// What a number with a unit at an offset of the file means.
  public func literal(at offset: Int) -> (symbol: Symbol, span: SourceSpan)? {
    let tokens = Scanner.scan(source, into: DiagnosticSink(limit: 0)).tokens
    guard let token = tokens.first(where: { $0.lower <= offset && offset <= $0.upper && $0.kind == .number }) else {
      return nil
    }
    let span = SourceSpan(file: source, lower: token.lower, upper: token.upper)
    guard case .quantity(let quantity) = NumberLiteral.read(span.text, at: span, into: DiagnosticSink(limit: 0)) else {
      return nil
    }
    let doc =
      quantity.dimension == .duration || quantity.dimension == .bytes
      ? "\(quantity.amount) \(quantity.dimension == .bytes ? "bytes" : "seconds")" : ""
    return (
      Symbol(name: span.text, kind: .value, signature: "\(span.text): \(quantity.dimension.title)", doc: doc), span
    )
  }
}
