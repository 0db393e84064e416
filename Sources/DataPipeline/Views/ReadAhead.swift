import Foundation

/// Makes items number `first`, `first + 1`, … on a thread of its own, a few ahead of who takes them.
///
/// One thread takes items. An error of `make` comes out where its item would have.
final class ReadAhead<Item: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  // Guarded by the condition:
  private var ready: [Result<Item, any Error>] = []
  private var stopped = false
  private var taken: Int

  init(from first: Int, depth: Int, make: @escaping @Sendable (Int) throws -> Item) {
    taken = first
    // The thread holds the state, so it must not outlive its use: whoever made it calls stop().
    let thread = Thread { [self] in
      var number = first
      while waitForRoom(depth) {
        let item = Result { try make(number) }
        put(item)
        if case .failure = item { return }
        number += 1
      }
    }
    thread.name = "read ahead"
    thread.stackSize = 1 << 20
    thread.start()
  }

  /// The number of the item that comes next; nil after an error or ``stop()``.
  var position: Int? {
    condition.lock()
    defer { condition.unlock() }
    return stopped ? nil : taken
  }

  /// The next item, waited for. Programmer error: after an error or ``stop()`` there is none.
  func next() throws -> Item {
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty {
      precondition(!stopped, "reading on after the end")
      condition.wait()
    }
    taken += 1
    condition.signal()
    let item = ready.removeFirst()
    if case .failure = item { stopped = true }
    return try item.get()
  }

  /// Ends the thread after the item it is making.
  func stop() {
    condition.lock()
    stopped = true
    condition.broadcast()
    condition.unlock()
  }

  private func waitForRoom(_ depth: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while ready.count >= depth, !stopped { condition.wait() }
    return !stopped
  }

  private func put(_ item: Result<Item, any Error>) {
    condition.lock()
    ready.append(item)
    condition.broadcast()
    condition.unlock()
  }
}
