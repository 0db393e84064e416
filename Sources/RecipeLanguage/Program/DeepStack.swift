import Foundation

/// A stack on which recipes can be nested as deeply as the limits allow.
///
/// Parser, checker and evaluator are recursive, and the threads of a program may have any stack: 8 MiB on Linux, much
/// less elsewhere. So they run on a thread of their own, whose stack is known. Where the system gives no such thread,
/// because processes, threads or address space are limited, they run on a smaller one or on the stack of the caller, and
/// nesting is limited to what it bears. No stack takes more than half of the address space that is left.
package enum DeepStack {
  /// Address space of the stacks asked for, the first that can be had; memory is taken only as far as a stack grows.
  package static let sizes = [512 << 20, 256 << 20, 128 << 20, 64 << 20, 32 << 20]
  /// Of 1000 levels of nesting in a debug build: what one body of a function, nested to the limit, is sure to have.
  private static let largestReserve = 96 << 20
  private static let level = largestReserve / 1000

  /// Runs `body` on the deep stack and waits for it. It is told the limits, with less nesting where the stack bears less,
  /// and below which address the stack must not grow before another function is called.
  ///
  /// - Parameter sizes: of stacks of a thread; where none can be had, `body` runs on the caller's.
  package static func run<T>(
    _ limits: Limits, sizes: [Int] = Self.sizes, _ body: @escaping (Limits, StackEnd) -> T
  ) -> T {
    nonisolated(unsafe) var result: T?
    // One thread at a time has them: this one waits until the other one is done.
    let work = Work { size in
      let reserve = min(largestReserve, size / 2)
      result = body(
        limits.bearing(nesting: max(4, reserve / level)), StackEnd(address: here() &- UInt(max(0, size - reserve))))
    }
    let most = AddressSpace.left.map { $0 / 2 } ?? .max
    if !sizes.contains(where: { $0 <= most && work.runs(onThreadOf: $0) }) { work.run(callersStack()) }
    guard let value = result else { preconditionFailure("the thread has ended without a result") }
    return value
  }

  /// About where the stack is now.
  @inline(never) fileprivate static func here() -> UInt {
    var marker = 0
    return withUnsafePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  /// Bytes of stack that are left to the caller.
  private static func callersStack() -> Int {
    // What the way to here and libraries need.
    let margin = 256 << 10
    return max(margin, (Thread.isMainThread ? mainStack() : threadStack()) - margin)
  }

  /// A main thread's stack grows up to the process's limit, which is raised as far as may be and as needed, and as far as
  /// there is address space.
  private static func mainStack() -> Int {
    let wanted = rlim_t(sizes.min() ?? 0)
    var limit = rlimit()
    guard getrlimit(Resource.stack, &limit) == 0 else { return 0 }
    if limit.rlim_cur < wanted {
      limit.rlim_cur = min(wanted, limit.rlim_max)
      setrlimit(Resource.stack, &limit)
      getrlimit(Resource.stack, &limit)
    }
    return min(Int(min(limit.rlim_cur, wanted)), AddressSpace.left.map { $0 / 2 } ?? .max)
  }

  /// Of threads made by others no more is known than that each has as much as this.
  private static func threadStack() -> Int {
    guard let lowest = pthread_getspecific(lowestAddress) else { return 512 << 10 }
    return Int(here() - UInt(bitPattern: lowest))
  }

  /// Where the stack of a thread of ours ends.
  fileprivate static let lowestAddress = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  private enum Resource {
    #if os(Linux)
      static let stack = __rlimit_resource_t(RLIMIT_STACK.rawValue)
    #else
      static let stack = RLIMIT_STACK
    #endif
  }
}

/// What is to be done on some stack, told how large that is.
private final class Work {
  private let body: (Int) -> Void
  private var size = 0

  init(_ body: @escaping (Int) -> Void) { self.body = body }

  /// On the caller's stack, of which so much is left.
  func run(_ size: Int) { body(size) }

  /// On a thread with a stack of this size, waited for; false where there is none to be had.
  func runs(onThreadOf size: Int) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, size) == 0 else { return false }
    self.size = size
    let argument = Unmanaged.passUnretained(self).toOpaque()
    #if os(Linux)
      var id = pthread_t()
      let status = pthread_create(&id, &attributes, { Work.start($0!) }, argument)
      return status == 0 && pthread_join(id, nil) == 0
    #else
      var id: pthread_t?
      let status = pthread_create(&id, &attributes, { Work.start($0) }, argument)
      return status == 0 && pthread_join(id!, nil) == 0
    #endif
  }

  private static func start(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    let work = Unmanaged<Work>.fromOpaque(argument).takeUnretainedValue()
    pthread_setspecific(DeepStack.lowestAddress, UnsafeRawPointer(bitPattern: DeepStack.here() - UInt(work.size) + 4096))
    work.body(work.size)
    return nil
  }
}

/// Where a stack ends for those who want to call deeper.
package struct StackEnd: Sendable {
  let address: UInt

  /// Nothing is known about the stack: no call is too deep for it.
  static let unknown = StackEnd(address: 0)

  package var isReached: Bool { DeepStack.here() < address }
}
