import Foundation
import TensorFiles

/// `metrics.jsonl`: one JSON object a line, in order of steps, appended as the run goes.
///
/// Every line has a `step`. A line is given to the system whole, so that a killed process leaves whole
/// lines; ``sync()`` forces them to disk and is called before each checkpoint, so that a checkpoint never
/// knows more than the log. On resume the log is cut back to the checkpoint's step.
public final class MetricsLog {
  public let url: URL
  private let descriptor: Int32

  /// Opens the log for appending, keeping the lines up to and with `lastStep` (none for a new run).
  public init(_ url: URL, keepingUpTo lastStep: Int? = nil) throws {
    self.url = url
    let path = url.path(percentEncoded: false)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.system(url, "cannot open it", errno) }
    let kept = try lastStep.map { Self.lengthOfLines(upTo: $0, in: try Data(contentsOf: url)) } ?? 0
    guard ftruncate(descriptor, off_t(kept)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      let reason = errno
      close(descriptor)
      throw RunStoreError.system(url, "cannot cut it back to step \(lastStep ?? 0)", reason)
    }
  }

  deinit { close(descriptor) }

  /// Appends one line. A line that does not fit on the disk is taken back whole before this throws.
  public func append(_ record: JSONValue) throws {
    let bytes = Array((record.line + "\n").utf8)
    let start = lseek(descriptor, 0, SEEK_CUR)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = count < 0 ? errno : ENOSPC
        if ftruncate(descriptor, start) == 0 { lseek(descriptor, start, SEEK_SET) }
        throw RunStoreError.system(url, "cannot append to it", reason)
      }
      written += count
    }
  }

  /// Forces all lines to disk.
  public func sync() throws {
    guard fsync(descriptor) == 0 else { throw RunStoreError.system(url, "cannot force it to disk", errno) }
  }

  /// Bytes of the leading whole lines whose `step` is at most `last`.
  static func lengthOfLines(upTo last: Int, in data: Data) -> Int {
    var length = 0
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let end = length + line.count + 1
      guard end <= data.count, let step = Self.step(of: line), step <= last else { return length }
      length = end
    }
    return length
  }

  private static func step(of line: Data) -> Int? { (try? JSONValue(parsing: line))?["step"]?.integer }
}

extension MetricsLog {
  /// A line read back: its kind, its step and its numbers and lists by name (`null` and texts left out).
  public struct Record: Hashable, Sendable {
    public let kind: String
    public let step: Int
    public let epoch: Int
    public let values: [String: Double]
    public let lists: [String: [Double]]
  }

  /// All whole lines of a log, oldest first; lines that are not JSON objects are left out.
  public static func read(_ url: URL) -> [Record] {
    guard let data = try? Data(contentsOf: url) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).compactMap(record)
  }

  /// Takes lines out of a log that nobody has open. Nothing happens where there is no log or no such line.
  static func removeLines(_ url: URL, where isUnwanted: (Record) -> Bool) throws {
    guard let data = try? Data(contentsOf: url) else { return }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let kept = lines.filter { line in record(line).map { !isUnwanted($0) } ?? true }
    guard kept.count < lines.count else { return }
    try AtomicFile.write(Data(kept.map { $0 + [UInt8(ascii: "\n")] }.joined()), to: url)
  }

  private static func record(_ line: Data) -> Record? {
    guard let object = try? JSONValue(parsing: line), let step = object["step"]?.integer else { return nil }
    let numbers = (object.fields ?? []).compactMap { field in field.value.double.map { (field.name, $0) } }
    let lists = (object.fields ?? []).compactMap { field in
      field.value.elements.map { (field.name, $0.map { $0.double ?? .nan }) }
    }
    return Record(
      kind: object["kind"]?.text ?? "step", step: step, epoch: object["epoch"]?.integer ?? 0,
      values: Dictionary(numbers, uniquingKeysWith: { $1 }), lists: Dictionary(lists, uniquingKeysWith: { $1 }))
  }
}
