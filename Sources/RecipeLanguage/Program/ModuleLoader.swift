import Foundation

/// Reads a file and everything it imports.
struct ModuleLoader {
  let limits: Limits
  let sink: DiagnosticSink
  /// The folder imports may not leave.
  private let root: String?
  /// The text of a file that is open in an editor, by its real path.
  private let buffers: (String) -> SourceFile?
  private var loaded: [String: Module] = [:]
  /// Every file, imported ones before the files that import them.
  private(set) var modules: [Module] = []
  private var open: [String] = []

  init(
    path: String?, limits: Limits, sink: DiagnosticSink, buffers: @escaping (String) -> SourceFile? = { _ in nil }
  ) {
    self.limits = limits
    self.sink = sink
    self.buffers = buffers
    root = path.map { ModuleLoader.folder(of: ModuleLoader.real($0)) }
  }

  /// Parses a source and loads its imports.
  mutating func load(_ source: SourceFile, path: String?) -> Module {
    let module = Module(tree: Parser.parse(source, limits: limits, into: sink), path: path)
    let key = path.map(ModuleLoader.real)
    if let key {
      loaded[key] = module
      open.append(key)
    }
    loadImports(of: module)
    if key != nil { open.removeLast() }
    modules.append(module)
    return module
  }

  /// Loads what the declarations of a module import.
  mutating func loadImports(of module: Module) {
    for declaration in module.tree.declarations {
      guard case .imported(let file) = declaration.kind else { continue }
      if module.imports[declaration.name.text] != nil {
        sink.report(.duplicateName, "`\(declaration.name.text)` is declared already", at: declaration.name.span)
      } else if let imported = importFile(file, into: module) {
        module.imports[declaration.name.text] = imported
        module.importNames[declaration.name.text] = declaration.name.span
      }
    }
  }

  private mutating func importFile(_ file: Name, into module: Module) -> Module? {
    if file.text.isEmpty {
      sink.report(.importNotFound, "the path of an import is empty", at: file.span, help: "write the name of a file")
      return nil
    }
    if file.text.hasPrefix("/") || file.text.split(separator: "/").contains("..") {
      sink.report(
        .importOutside, "imports stay beside the file and below it", at: file.span,
        help: "write a path without a leading `/` and without `..`")
      return nil
    }
    guard let path = module.path, let root else {
      sink.report(.importNotFound, "this text lies in no folder, so it can import nothing", at: file.span)
      return nil
    }
    let folder = ModuleLoader.folder(of: path)
    let target = folder.isEmpty ? file.text : folder + "/" + file.text
    let real = ModuleLoader.real(target)
    if !real.hasPrefix(root.hasSuffix("/") ? root : root + "/") {
      sink.report(.importOutside, "`\(file.text)` leads out of the folder of the main file", at: file.span)
      return nil
    }
    if open.contains(real) {
      sink.report(.importCycle, "`\(file.text)` imports this file, directly or through others", at: file.span)
      return nil
    }
    if let module = loaded[real] { return module }
    guard loaded.count <= limits.imports else {
      sink.report(
        .tooManyImports, "more than \(limits.imports) files are imported", at: file.span,
        help: limits.help(.imports))
      return nil
    }
    if let buffer = buffers(real) { return load(buffer, path: target) }
    switch SourceFile.problemUnlessPlain(target).map(Result.failure) ?? SourceFile.read(target, limits) {
    case .success(let source): return load(source, path: target)
    case .failure(let error):
      sink.report(
        error.code == .fileUnreadable ? .importNotFound : error.code,
        "`\(file.text)` cannot be imported: \(error.reason)", at: file.span,
        help: error.help)
      return nil
    }
  }

  static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
