import Foundation

/// A stack on which recipes can be nested as deeply as the limits allow.
///
/// Parser, checker and evaluator are recursive, and the threads of a program may have any stack: 8 MiB on Linux, much
/// less elsewhere. So they run on a thread of their own, whose stack is known.
enum DeepStack {
  /// Address space; memory is taken only as far as the stack grows.
  private static let size = 512 << 20
  /// What one body of a function, nested to the limit, is sure to have.
  private static let reserve = 96 << 20

  /// Runs `body` on the deep stack and waits for it. It is told below which address the stack must not grow before
  /// another function is called.
  static func run<T>(_ body: @escaping (StackEnd) -> T) -> T {
    // One thread at a time has them: this one waits until the other one is done.
    nonisolated(unsafe) let work = body
    nonisolated(unsafe) var result: T?
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      result = work(StackEnd(address: here() - UInt(size - reserve)))
      done.signal()
    }
    thread.stackSize = size
    thread.start()
    done.wait()
    guard let value = result else { preconditionFailure("the thread has ended without a result") }
    return value
  }

  /// About where the stack is now.
  @inline(never) fileprivate static func here() -> UInt {
    var marker = 0
    return withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}

/// Where a stack ends for those who want to call deeper.
struct StackEnd: Sendable {
  let address: UInt

  /// Nothing is known about the stack: no call is too deep for it.
  static let unknown = StackEnd(address: 0)

  var isReached: Bool { DeepStack.here() < address }
}
