import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGHUP (the terminal is gone; left alone under `nohup`): the first asks the run to save and
/// stop, the second ends the process at once. SIGPIPE is ignored: a reader that goes away (`| head`) ends no training.
public final class Interruption: Sendable {
  public static let shared = Interruption()

  private let signalNumber = Atomic<Int32>(0)
  private let sources = Mutex<[any DispatchSourceSignal]>([])
  private let queue = DispatchQueue(label: "harmonia.signals")

  /// Whether a signal has come, or ``request()`` was called.
  public var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// Stops the run as a signal does.
  public func request(_ number: Int32 = SIGTERM) { signalNumber.store(number, ordering: .relaxed) }

  /// Forgets a request; for a process that runs more than once.
  public func clear() { signalNumber.store(0, ordering: .relaxed) }

  /// Takes over the signals. `notice` is called from another thread at the first one.
  public func install(_ notice: @escaping @Sendable (_ signal: Int32) -> Void) {
    sources.withLock { sources in
      guard sources.isEmpty else { return }
      signal(SIGPIPE, SIG_IGN)
      for number in [SIGINT, SIGTERM, SIGHUP] {
        let wasIgnored = unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
        if number == SIGHUP, wasIgnored { continue }
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { [self] in
          if isRequested { _exit(128 + number) }
          request(number)
          notice(number)
        }
        source.resume()
        sources.append(source)
      }
    }
  }
}
