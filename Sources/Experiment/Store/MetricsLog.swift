import Foundation
import TensorFiles

/// `metrics.jsonl`: one JSON object a line, in order of steps, appended as the run goes.
///
/// Every line has a `step`. A line is given to the system whole, so that a killed process leaves whole
/// lines; ``sync()`` forces them to disk and is called before each checkpoint, so that a checkpoint never
/// knows more than the log. On resume the log is cut back to what the checkpoint knows, and what is said again after that
/// stands in it once, wherever the process was killed.
public final class MetricsLog {
  public let url: URL
  /// Lines that could not be read and were left out; one that a killed process tore off does not count.
  public let damagedLines: Int
  /// The last step in the log when it was opened; nil in an empty one.
  public let lastStep: Int?
  private let descriptor: Int32
  /// What has been said of epochs, priors and probes.
  private var said: Set<Key>

  /// What a line is about.
  private struct Key: Hashable {
    let kind: String
    let step: Int
    let epoch: Int

    /// Nil for a step's line, which nothing says twice.
    init?(_ line: JSONValue) {
      guard let kind = line["kind"]?.text, kind != "step", let step = line["step"]?.integer else { return nil }
      self.kind = kind
      // An arm is warned once.
      (self.step, epoch) = kind == "warning" ? (0, 0) : (step, line["epoch"]?.integer ?? 0)
    }
  }

  /// Opens the log for appending, keeping the lines up to and with `lastStep` (none for a new run).
  ///
  /// - Parameter epochIsOpen: whether of `lastStep` only the step itself is known, not the epoch it ends.
  public init(_ url: URL, keepingUpTo lastStep: Int? = nil, epochIsOpen: Bool = false) throws {
    self.url = url
    let kept = try lastStep.map { try Kept(url, upTo: $0, epochIsOpen: epochIsOpen) } ?? Kept()
    (damagedLines, said, self.lastStep) = (kept.damaged, kept.said, kept.lastStep)
    if !kept.isPrefix { try AtomicFile.write(kept.bytes, to: url) }
    descriptor = open(url.path(percentEncoded: false), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.system(url, "cannot open it", errno) }
    guard ftruncate(descriptor, off_t(kept.bytes.count)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      let reason = errno
      close(descriptor)
      throw RunStoreError.system(url, "cannot cut it back to step \(lastStep ?? 0)", reason)
    }
  }

  /// The lines of a log that stay.
  private struct Kept {
    var bytes = Data()
    var said: Set<Key> = []
    var lastStep: Int?
    var damaged = 0
    /// Whether they are all there is before what goes.
    var isPrefix = true

    init() {}

    init(_ url: URL, upTo last: Int, epochIsOpen: Bool) throws {
      guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else { return }
      let data: Data
      do { data = try Data(contentsOf: url) } catch { throw RunStoreError(url, "cannot be read: \(error.localizedDescription)") }
      var hasGap = false
      let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      // After the last line break there is nothing, or what a killed process could not finish.
      for line in lines.dropLast() {
        let value = try? JSONValue(parsing: line)
        let step = value?["step"]?.integer
        if step == nil { damaged += 1 }
        guard let value, let step, step <= last, !isUnknown(value, step, last, epochIsOpen), keep(Key(value)) else {
          hasGap = true
          continue
        }
        isPrefix = isPrefix && !hasGap
        lastStep = step
        bytes += line + [UInt8(ascii: "\n")]
      }
    }

    private func isUnknown(_ line: JSONValue, _ step: Int, _ last: Int, _ epochIsOpen: Bool) -> Bool {
      epochIsOpen && step == last && Key(line) != nil
    }

    /// False for what has been said before.
    private mutating func keep(_ key: Key?) -> Bool { key.map { said.insert($0).inserted } ?? true }
  }

  deinit { close(descriptor) }

  /// Appends one line, unless it is of an epoch, a prior or a probe that has one. A line that does not fit on the disk is
  /// taken back whole before this throws.
  public func append(_ record: JSONValue) throws {
    let key = Key(record)
    if let key, said.contains(key) { return }
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
    if let key { said.insert(key) }
  }

  /// Forces all lines to disk.
  public func sync() throws {
    guard fsync(descriptor) == 0 else { throw RunStoreError.system(url, "cannot force it to disk", errno) }
  }
}

extension MetricsLog {
  /// A line read back: its kind, its step and its numbers and lists by name (`null` and texts left out).
  public struct Record: Hashable, Sendable {
    public let kind: String
    public let step: Int
    public let epoch: Int
    public let values: [String: Double]
    public let lists: [String: [Double]]
    /// Of a warning.
    public let text: String?
  }

  /// All whole lines of a log, oldest first; lines that are not JSON objects are left out.
  ///
  /// - Parameter kind: lines of this kind are not even looked at.
  public static func read(_ url: URL, leavingOut kind: String? = nil) -> [Record] {
    guard let data = try? Data(contentsOf: url) else { return [] }
    // As ``JSONValue/line`` writes it; what is written otherwise is read and then left out.
    let head = kind.map { Array("{\"kind\":\"\($0)\"".utf8) }
    return data.split(separator: UInt8(ascii: "\n")).filter { line in head.map { !line.starts(with: $0) } ?? true }
      .compactMap(record).filter { $0.kind != kind }
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
      values: Dictionary(numbers, uniquingKeysWith: { $1 }), lists: Dictionary(lists, uniquingKeysWith: { $1 }),
      text: object["text"]?.text)
  }
}
