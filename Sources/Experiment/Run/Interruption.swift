import Foundation
import RecipeLanguage
import Synchronization
import TensorFiles

/// SIGINT, SIGTERM, SIGHUP (the terminal is gone; left alone under `nohup`) and SIGXCPU (the time the process may take is
/// over). What they do depends on what a command is about: see ``Moment``. The second one ends the process at once.
///
/// All of it happens in the signal's handler, which needs no thread and waits for nothing, so that no signal comes at a
/// wrong moment: while a folder of pictures is read, a map is made, or nobody reads what is printed.
public final class Interruption: Sendable {
  public static let shared = Interruption()

  /// What a command is about when a signal comes.
  public enum Moment: Int, Sendable {
    /// Nothing has to be saved: the process ends at once, with 128 and the signal's number.
    case nothingToSave
    /// A step of training: the command is asked to save and stop, and does so after the step.
    case training
    /// All there is to save is on disk, as while a trained network is measured: the process ends at once, with the
    /// status of an interrupted run.
    case saved
  }

  private let signalNumber = Atomic<Int32>(0)
  private let moment = Atomic<Int>(Moment.nothingToSave.rawValue)
  /// Settings that a terminal gets back.
  private let terminal = Atomic<Int>(0)

  /// Whether a signal has asked to stop, or ``request()`` was called.
  public var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

  /// Asks to stop as a signal does.
  public func request(_ number: Int32 = SIGTERM) { signalNumber.store(number, ordering: .relaxed) }

  /// Forgets a request; for a process that runs more than once.
  public func clear() { signalNumber.store(0, ordering: .relaxed) }

  /// What a signal does from now on.
  public func begin(_ moment: Moment) { self.moment.store(moment.rawValue, ordering: .sequentiallyConsistent) }

  /// What a signal does while `body` runs.
  public func during<R>(_ moment: Moment, _ body: () throws -> R) rethrows -> R {
    let before = self.moment.exchange(moment.rawValue, ordering: .sequentiallyConsistent)
    defer { self.moment.store(before, ordering: .sequentiallyConsistent) }
    return try body()
  }

  /// The settings of standard input before it was made raw, which it gets back when a signal ends the process; nil once
  /// they are back.
  func restoresTerminal(_ settings: UnsafeMutablePointer<termios>?) {
    terminal.store(settings.map { Int(bitPattern: $0) } ?? 0, ordering: .sequentiallyConsistent)
  }

  /// Takes over the signals, and what is done where memory is at its end. SIGXFSZ is ignored: writing more than a file may
  /// have is then an error as others are.
  public func install() {
    MemoryLimit.endsWithASentence()
    signal(SIGXFSZ, SIG_IGN)
    if AddressSpace.left != nil { installForMissingMemory() }
    let numbers = [SIGINT, SIGTERM, SIGHUP, SIGXCPU]
    // Who starts the program from a thread that blocks signals, as Foundation and Dispatch do, hands that down.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for number in numbers { sigaddset(&blocked, number) }
    pthread_sigmask(SIG_UNBLOCK, &blocked, nil)
    for number in numbers {
      var action = sigaction()
      sigaction(number, nil, &action)
      if number == SIGHUP, Self.isIgnored(action) { continue }
      Self.handle(number, Int32(SA_RESTART)) { Interruption.shared.received($0) }
    }
  }

  /// Swift aborts where there is no memory for a value, with a report that needs memory itself. It cannot be caught.
  private func installForMissingMemory() {
    for number in [SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP] {
      Self.handle(number, Int32(bitPattern: UInt32(truncatingIfNeeded: SA_RESETHAND)) | Int32(SA_ONSTACK)) { _ in
        Interruption.shared.leave()
        Interruption.write(
          """

          error: broken off; where no other reason stands above, the address space of this process, which is limited, is \
          at its end: raise it (`ulimit -v`, `ulimit -d`); what was saved is kept

          """)
        _exit(ExitStatus.failedRun.rawValue)
      }
    }
  }

  private static func handle(_ number: Int32, _ flags: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.sa_flags = flags
    #if os(Linux)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
    sigaction(number, &action, nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if os(Linux)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Ends the process at once, from whatever thread, where work cannot go on and an error cannot be thrown.
  func end(_ sentence: String, _ status: ExitStatus) -> Never {
    leave()
    _ = StandardStream.write(sentence.utf8, to: STDERR_FILENO)
    _exit(status.rawValue)
  }

  // MARK: In the handler, where only the simplest calls of the system are allowed

  private func received(_ number: Int32) {
    let reason = errno
    defer { errno = reason }
    let isSecond = signalNumber.exchange(number, ordering: .relaxed) != 0
    // The system says again each second that the time is over.
    if isSecond, number == SIGXCPU { return }
    switch isSecond ? .nothingToSave : Moment(rawValue: moment.load(ordering: .sequentiallyConsistent)) ?? .nothingToSave {
    case .training:
      say(number, ": saving after this step; a second signal stops at once\n")
    case .saved:
      end(number, ": stopped; what was done is saved: give the same command again (`run`: with --resume)\n", ExitStatus.interrupted.rawValue)
    case .nothingToSave:
      end(number, isSecond ? ": stopped at once\n" : ": stopped\n", 128 + number)
    }
  }

  private func end(_ number: Int32, _ text: StaticString, _ status: Int32) -> Never {
    leave()
    say(number, text)
    _exit(status)
  }

  /// Leaves no half file and no raw terminal behind.
  private func leave() {
    if let settings = UnsafeMutablePointer<termios>(bitPattern: terminal.load(ordering: .sequentiallyConsistent)) {
      tcsetattr(STDIN_FILENO, TCSANOW, settings)
    }
    AtomicFile.removePartial()
  }

  private func say(_ number: Int32, _ text: StaticString) {
    switch number {
    case SIGINT: Self.write("\nCtrl-C (SIGINT)")
    case SIGTERM: Self.write("\nSIGTERM")
    case SIGHUP: Self.write("\nSIGHUP")
    default: Self.write("\nSIGXCPU")
    }
    Self.write(text)
  }

  /// What nobody reads is left out.
  private static func write(_ text: StaticString) {
    var state = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&state, 1, 0) == 1 else { return }
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
