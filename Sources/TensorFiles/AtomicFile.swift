import Foundation
import Synchronization

/// Writes whole files so that a reader, a crash or a full disk never meets half of one.
public enum AtomicFile {
  /// Replaces the file by `parts`, one after another: they go to `.NAME.partial` beside it, are
  /// forced to disk, and only then take the name; the folder is forced to disk as well.
  ///
  /// `mode` are its permissions; if left out, the usual ones of new files.
  ///
  /// Throws ``TensorFileError`` with the system's reason (`No space left on device`); the old file,
  /// if any, is then untouched and nothing partial is left. One writer per file at a time.
  public static func write(_ parts: [Data], to url: URL, mode: mode_t? = nil) throws {
    let folder = url.deletingLastPathComponent()
    let partial = folder.appending(path: ".\(url.lastPathComponent).partial")
    let partialPath = partial.path(percentEncoded: false)
    let name = strdup(partialPath)
    underWay.store(Int(bitPattern: name), ordering: .sequentiallyConsistent)
    defer {
      underWay.store(0, ordering: .sequentiallyConsistent)
      free(name)
    }
    let descriptor = open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode ?? 0o644)
    guard descriptor >= 0 else { throw failure(url, "cannot create it", errno) }
    var reason: Int32 = 0
    if let mode, fchmod(descriptor, mode) != 0 { reason = errno }
    for part in parts where reason == 0 { reason = writeAll(part, to: descriptor) }
    if reason == 0, fsync(descriptor) != 0 { reason = errno }
    if close(descriptor) != 0, reason == 0 { reason = errno }
    if reason == 0, rename(partialPath, url.path(percentEncoded: false)) != 0 { reason = errno }
    guard reason == 0 else {
      unlink(partialPath)
      throw failure(url, "cannot write \(parts.reduce(0) { $0 + $1.count }) bytes", reason)
    }
    // Some file systems cannot sync a folder; the rename itself has succeeded.
    let folderPath = folder.path(percentEncoded: false)
    let folderDescriptor = open(folderPath.isEmpty ? "." : folderPath, O_RDONLY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  public static func write(_ data: Data, to url: URL) throws { try write([data], to: url) }

  public static func write(_ text: String, to url: URL, mode: mode_t? = nil) throws {
    try write([Data(text.utf8)], to: url, mode: mode)
  }

  /// The path of a partial file, as C has it; 0 while none is written.
  private static let underWay = Atomic<Int>(0)

  /// Removes what a write that is under way has written so far, for a process about to end; a signal's handler may call
  /// it.
  public static func removePartial() {
    guard let name = UnsafePointer<CChar>(bitPattern: underWay.load(ordering: .sequentiallyConsistent)) else { return }
    unlink(name)
  }

  private static func failure(_ url: URL, _ what: String, _ number: Int32) -> TensorFileError {
    TensorFileError(url, "\(what): \(String(cString: strerror(number)))", number: number)
  }
}
