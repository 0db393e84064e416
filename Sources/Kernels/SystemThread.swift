#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Threads of the system, which may give none: where processes, threads or address space are limited.
public enum SystemThread {
  /// Runs `body` on a thread of its own, which nobody waits for; false where the system gives none, and then `body` is not
  /// run.
  ///
  /// - Parameter stack: bytes of its stack.
  public static func start(stack: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, stack) == 0,
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) == 0
    else { return false }
    let work = Unmanaged.passRetained(Body(body))
    #if canImport(Darwin)
      var id: pthread_t?
      let status = pthread_create(&id, &attributes, { Body.run($0) }, work.toOpaque())
    #else
      var id = pthread_t()
      let status = pthread_create(&id, &attributes, { Body.run($0!) }, work.toOpaque())
    #endif
    if status != 0 { work.release() }
    return status == 0
  }

  private final class Body {
    private let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    static func run(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
      Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }
  }
}
