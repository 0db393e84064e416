import Synchronization

/// Where the time of kernels goes: calls, seconds and operations of each, for whoever asks.
///
///     let account = KernelAccount()
///     try account.count { _ = try step(model, batch, plan) }
///     for entry in account.entries { print(entry.kernel, entry.shape, entry.calls, entry.seconds) }
///
/// Counted are the calls into C that `body` makes on its own thread, and in tasks it starts (but detached ones).
/// Only such calls have entries: a face made of other faces, as ``GHLoss``, has none, so nothing is counted twice.
/// Operations on single pictures are not counted, views (``ViewRenderer``) are.
///
/// While there is no account, a kernel pays one relaxed load.
public final class KernelAccount: Sendable {
  /// What was done by one kernel in one shape.
  public struct Entry: Hashable, Sendable {
    /// As in `conv2d forward`.
    public let kernel: String
    /// Which of several the kernel has; empty where it has one.
    public let algorithm: String
    /// Of what it worked on, as in `64×32×32×64→64 3×3/1`.
    public let shape: String
    public let calls: Int
    /// Wall time of all calls.
    public let seconds: Double
    /// Multiplications and additions of all calls by the definition of the kernel, whatever the algorithm saves;
    /// 0 where they are not known.
    public let operations: Int
  }

  fileprivate struct Key: Hashable {
    let kernel: String
    let algorithm: String
    let shape: String
  }
  private struct Sums {
    var calls = 0
    var time = Duration.zero
    var operations = 0
  }
  private let sums = Locked<[Key: Sums]>([:])

  /// How many accounts there are in the process.
  private static let living = Atomic<Int>(0)
  @TaskLocal private static var current: KernelAccount?

  public init() { Self.living.add(1, ordering: .relaxed) }

  deinit { Self.living.subtract(1, ordering: .relaxed) }

  /// Runs `body` and adds what it calls. May be used again and from several threads; of nested accounts the
  /// innermost one counts.
  public func count<R>(_ body: () throws -> R) rethrows -> R {
    try Self.$current.withValue(self, operation: body)
  }

  /// What was counted so far, the longest time first.
  public var entries: [Entry] {
    sums.withLock { sums in
      sums.map { key, sum in
        Entry(
          kernel: key.kernel, algorithm: key.algorithm, shape: key.shape, calls: sum.calls,
          seconds: sum.time / .seconds(1), operations: sum.operations)
      }
    }.sorted { ($1.seconds, $0.kernel, $0.algorithm, $0.shape) < ($0.seconds, $1.kernel, $1.algorithm, $1.shape) }
  }

  /// A call of a kernel that is being counted. A class, so that a kernel that is not counted keeps only a null
  /// pointer: the size of an instant is not known when this is compiled.
  final class Call {
    private let account: KernelAccount
    private let key: Key
    private let operations: Int
    private let began = ContinuousClock.now

    fileprivate init(_ account: KernelAccount, _ key: Key, _ operations: Int) {
      self.account = account
      self.key = key
      self.operations = operations
    }

    func end() {
      let time = began.duration(to: .now)
      account.sums.withLock { sums in
        var sum = sums[key] ?? Sums()
        sum.calls += 1
        sum.time += time
        sum.operations += operations
        sums[key] = sum
      }
    }
  }

  /// Begins a call into C; the caller ends it. Nil, and no argument is computed, where nobody counts. What is
  /// called before the end must not be counted itself.
  @inline(__always) static func begin(
    _ kernel: @autoclosure () -> String, algorithm: @autoclosure () -> String = "", _ shape: @autoclosure () -> String,
    operations: @autoclosure () -> Int = 0
  ) -> Call? {
    guard living.load(ordering: .relaxed) != 0, let account = current else { return nil }
    let key = Key(kernel: kernel(), algorithm: algorithm(), shape: shape())
    return Call(account, key, operations())
  }
}
