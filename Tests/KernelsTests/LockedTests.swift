import Kernels
import Testing

@Suite struct LockedTests {
  @Test func onePartAtATime() {
    let counter = Locked((count: 0, inside: false))
    Threads.run(parts: 500) { _ in
      for _ in 0..<20 {
        counter.withLock { state in
          #expect(!state.inside)
          state.inside = true
          state.count += 1
          state.inside = false
        }
      }
    }
    #expect(counter.withLock { $0.count } == 10_000)
  }

  @Test func errorsPassAndUnlock() {
    struct Refusal: Error {}
    let value = Locked(1)
    #expect(throws: Refusal.self) { try value.withLock { _ in throw Refusal() } }
    #expect(value.withLock { $0 } == 1)
  }

  @Test func valueGoesWithTheLock() {
    final class Token {}
    weak var token: Token?
    do {
      let held = Token()
      token = held
      let locked = Locked(held)
      #expect(locked.withLock { $0 === token })
    }
    #expect(token == nil)
  }
}
