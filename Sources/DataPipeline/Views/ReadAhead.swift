import Foundation
import Kernels

/// Makes items number `first`, `first + 1`, … on threads of its own, a few ahead of who takes them.
///
/// Items are taken in order by one thread at a time. An error of `make` comes out where its item would have. Where the
/// system gives no thread, who takes an item makes it.
final class ReadAhead<Item: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let depth: Int
  private let end: Int
  private let make: @Sendable (Int) throws -> Item
  /// Whether any thread makes items.
  private var isAhead = false
  // Guarded by the condition:
  private var ready: [Int: Result<Item, any Error>] = [:]
  private var taken: Int
  private var claimed: Int
  private var failed = false
  private var stopped = false

  /// - Parameters:
  ///   - end: the number after the last item.
  ///   - depth: how many items are made or being made beyond those taken.
  ///   - threads: at most so many; none makes each item when it is taken.
  init(
    from first: Int, to end: Int = .max, depth: Int, threads: Int = 1, make: @escaping @Sendable (Int) throws -> Item
  ) {
    self.depth = depth
    self.end = end
    self.make = make
    taken = first
    claimed = first
    for _ in 0..<threads {
      // A thread holds the state, so it must not outlive its use: whoever made this calls stop().
      guard SystemThread.start(stack: 1 << 20, { [self] in work() }) else { break }
      isAhead = true
    }
  }

  /// The number of the item that comes next; nil after the last, an error or ``stop()``.
  var position: Int? {
    condition.lock()
    defer { condition.unlock() }
    return stopped || taken >= end ? nil : taken
  }

  /// The next item, waited for. Programmer error: after the last, an error or ``stop()`` there is none.
  func next() throws -> Item {
    condition.lock()
    defer { condition.unlock() }
    while ready[taken] == nil {
      precondition(!stopped && taken < end, "reading on after the end")
      if isAhead { condition.wait() } else { ready[taken] = Result { try make(taken) } }
    }
    let item = ready.removeValue(forKey: taken)!
    taken += 1
    if case .failure = item { stopped = true }
    condition.broadcast()
    return try item.get()
  }

  /// Ends each thread after the item it is making.
  func stop() {
    condition.lock()
    stopped = true
    condition.broadcast()
    condition.unlock()
  }

  private func work() {
    while let number = claim() {
      let item = Result { try make(number) }
      condition.lock()
      ready[number] = item
      // What comes after an error is not wanted; what comes before it is being made already.
      if case .failure = item { failed = true }
      condition.broadcast()
      condition.unlock()
    }
  }

  /// The number of the next item to make, once there is room; nil when no more are wanted.
  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while claimed < end, claimed >= taken + depth, !stopped, !failed { condition.wait() }
    guard claimed < end, !stopped, !failed else { return nil }
    defer { claimed += 1 }
    return claimed
  }
}
