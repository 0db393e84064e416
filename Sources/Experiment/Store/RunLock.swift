import Foundation

/// Keeps a second process out of a run folder. The system releases it when the process ends, however it ends.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a folder or throws ``RunStoreError`` that names the process holding it.
  public init(folder: URL) throws {
    let url = folder.appending(path: ".lock")
    let descriptor = open(url.path(percentEncoded: false), O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.system(folder, "cannot write here", errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      defer { close(descriptor) }
      guard reason == EWOULDBLOCK else { throw RunStoreError.system(folder, "cannot lock it", reason) }
      let holder = (try? String(contentsOf: url, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
      let process = holder.map { $0.isEmpty ? "" : " (process \($0))" } ?? ""
      throw RunStoreError(
        folder, "another run\(process) is writing here; wait until it ends or choose another --out")
    }
    self.descriptor = descriptor
    // Only informs whoever finds it locked; a full disk must not stop the run here.
    let text = "\(getpid())\n"
    if ftruncate(descriptor, 0) == 0 { _ = text.withCString { write(descriptor, $0, strlen($0)) } }
  }

  deinit { close(descriptor) }
}
