import Foundation

/// Reads a file and everything it imports.
struct ModuleLoader {
  let limits: Limits
  let sink: DiagnosticSink
  /// The folder imports may not leave.
  private let root: String?
  private var loaded: [String: Module] = [:]
  /// Every file, imported ones before the files that import them.
  private(set) var modules: [Module] = []
  private var open: [String] = []

  init(path: String?, limits: Limits, sink: DiagnosticSink) {
    self.limits = limits
    self.sink = sink
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
    for declaration in module.tree.declarations {
      guard case .imported(let file) = declaration.kind else { continue }
      if module.imports[declaration.name.text] != nil {
        sink.report(.duplicateName, "`\(declaration.name.text)` is declared already", at: declaration.name.span)
      } else if let imported = importFile(file, into: module) {
        module.imports[declaration.name.text] = imported
      }
    }
    if key != nil { open.removeLast() }
    modules.append(module)
    return module
  }

  private mutating func importFile(_ file: Name, into module: Module) -> Module? {
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
        help: "raise the limit `imports`")
      return nil
    }
    switch ModuleLoader.read(target, limit: limits.sourceBytes) {
    case .success(let bytes): return load(SourceFile(name: target, bytes: bytes), path: target)
    case .failure(let reason):
      sink.report(.importNotFound, "`\(file.text)` cannot be imported: \(reason.message)", at: file.span)
      return nil
    }
  }

  /// The bytes of a text file of at most `limit` bytes, or why not.
  static func read(_ path: String, limit: Int) -> Result<[UInt8], CallError> {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .failure(CallError("there is no such file"))
    }
    if isFolder.boolValue { return .failure(CallError("it is a folder")) }
    guard let file = FileHandle(forReadingAtPath: path) else { return .failure(CallError("it may not be read")) }
    defer { try? file.close() }
    let data: Data
    do {
      data = try file.read(upToCount: limit + 1) ?? Data()
    } catch {
      return .failure(CallError("it cannot be read"))
    }
    // Said here, because excerpts of such a file would fill the screen with what nobody can read.
    if data.contains(0) { return .failure(CallError("it is not a text file")) }
    if data.count > limit { return .failure(CallError("it has more than \(limit) bytes, which no recipe needs")) }
    return .success([UInt8](data))
  }

  private static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
