import Foundation

/// Why a file could not be read as a recipe.
public struct SourceReadingError: Error, Sendable {
  /// The file as the user named it.
  public let name: String
  /// Half a sentence: `there is no such file`.
  public let reason: String
  let code: DiagnosticCode
  /// How to raise the limit, if it was one.
  let help: String?

  init(_ name: String, _ reason: String, code: DiagnosticCode = .fileUnreadable, help: String? = nil) {
    self.name = name
    self.reason = reason
    self.code = code
    self.help = help
  }

  /// The same as a diagnostic of the file, of which there is no excerpt.
  public var diagnostic: Diagnostic {
    let span = SourceSpan(file: SourceFile(name: name, text: ""), lower: 0, upper: 0)
    return Diagnostic(code, "\(name) cannot be read: \(reason)", at: span, help: help)
  }
}

extension SourceFile {
  /// Reads a text file of at most `limits.sourceBytes` bytes.
  public static func read(_ path: String, _ limits: Limits = Limits()) -> Result<SourceFile, SourceReadingError> {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .failure(SourceReadingError(path, "there is no such file"))
    }
    if isFolder.boolValue { return .failure(SourceReadingError(path, "it is a folder")) }
    guard let file = FileHandle(forReadingAtPath: path) else {
      return .failure(SourceReadingError(path, "it may not be read"))
    }
    defer { try? file.close() }
    return read(file, name: path, limits)
  }

  /// Why this is not a plain file that exists: opening a device or a pipe can have effects, and take forever.
  public static func problemUnlessPlain(_ path: String) -> SourceReadingError? {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target),
      let type = attributes[.type] as? FileAttributeType, type != .typeRegular, type != .typeDirectory
    else { return nil }  // What is not there, and folders, are told apart by read.
    return SourceReadingError(path, "it is not a plain file")
  }

  /// Reads what is left of an open file, such as standard input.
  public static func read(
    _ file: FileHandle, name: String, _ limits: Limits = Limits()
  ) -> Result<SourceFile, SourceReadingError> {
    var data = Data()
    do {
      // A pipe gives less than it is asked for.
      while data.count <= limits.sourceBytes, let more = try file.read(upToCount: limits.sourceBytes + 1 - data.count),
        !more.isEmpty
      {
        data.append(more)
      }
    } catch {
      return .failure(SourceReadingError(name, "it cannot be read"))
    }
    // Said here, because excerpts of such a file would fill the screen with what nobody can read.
    if data.contains(0) { return .failure(SourceReadingError(name, "it is not a text file")) }
    if data.count > limits.sourceBytes {
      return .failure(
        SourceReadingError(
          name, "it has more than \(limits.sourceBytes) bytes", code: .sourceTooLarge, help: limits.help(.sourceBytes)))
    }
    return .success(SourceFile(name: name, bytes: [UInt8](data)))
  }
}
