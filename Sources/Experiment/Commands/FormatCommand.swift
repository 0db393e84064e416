import Foundation
import RecipeLanguage
import TensorFiles
import VisibleText

/// `harmonia fmt FILE…`: sets recipe files in the one style.
public struct FormatCommand: Sendable {
  /// Paths; `-` is standard input, whose formatted text goes to standard output.
  public var files: [String]
  /// Writes nothing; files that would change are listed and make the command fail.
  public var check: Bool
  /// Writes nothing; shows what would change.
  public var diff: Bool
  public var limits: Limits

  public init(files: [String], check: Bool = false, diff: Bool = false, limits: Limits = Limits()) {
    self.files = files
    self.check = check
    self.diff = diff
    self.limits = limits
  }

  public func run(_ console: Console, input: FileHandle = .standardInput) -> ExitStatus {
    var statuses: [ExitStatus] = []
    for file in files { statuses.append(format(file, console, input)) }
    // The worst of them: a disk that is full says more than a file that is not formatted.
    return [.failedRun, .badRecipe, .failedCheck].first { statuses.contains($0) } ?? .success
  }

  private func format(_ file: String, _ console: Console, _ input: FileHandle) -> ExitStatus {
    let isInput = file == "-"
    let read = isInput ? SourceFile.read(input, name: "standard input", limits) : SourceFile.read(file, limits)
    let source: SourceFile
    switch read {
    case .success(let file): source = file
    case .failure(let failure):
      DiagnosticPrinter().print([failure.diagnostic], to: console)
      return .badRecipe
    }
    switch RecipeFormatter.format(source, limits: limits) {
    case .invalid(let diagnostics):
      DiagnosticPrinter().print(diagnostics, to: console)
      return .badRecipe
    case .refused(let reason):
      console.err("error: \(source.name.visibleLine) is left as it is, because of a mistake of the formatter: \(reason)")
      return .failedRun
    case .formatted(let text): return finish(text, source, isInput: isInput, console)
    }
  }

  private func finish(_ text: String, _ source: SourceFile, isInput: Bool, _ console: Console) -> ExitStatus {
    let changes = Array(text.utf8) != source.bytes
    if diff, changes {
      let difference = TextDifference(from: source.text(0..<source.bytes.count), to: text)
      console.document(difference.unified(name: source.name.visibleLine))
    }
    if check {
      if changes, !diff { console.out(source.name.visibleLine) }
      return changes ? .failedCheck : .success
    }
    if diff { return .success }
    if isInput {
      if !text.isEmpty { console.document(String(text.dropLast())) }
      return .success
    }
    return changes ? write(text, to: source.name, console) : .success
  }

  private func write(_ text: String, to path: String, _ console: Console) -> ExitStatus {
    // A link stays a link, and what may not be written to is not replaced.
    let target = URL(filePath: path).resolvingSymlinksInPath()
    do {
      guard FileManager.default.isWritableFile(atPath: target.path(percentEncoded: false)) else {
        throw TensorFileError(target, "it may not be written to")
      }
      let mode = try FileManager.default.attributesOfItem(atPath: target.path(percentEncoded: false))[.posixPermissions]
      try AtomicFile.write(text, to: target, mode: (mode as? NSNumber)?.uint32Value)
      console.out("formatted \(path.visibleLine)")
      return .success
    } catch {
      console.err("error: \(error)".visibleLine)
      return .failedRun
    }
  }
}
