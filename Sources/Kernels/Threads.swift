import CKernels

/// The thread pool all kernels share. Results never depend on the number of threads.
public enum Threads {
  /// Threads that work on a kernel, the caller included (1…64; the machine's cores by default).
  /// Not to be set while a kernel runs.
  public static var count: Int {
    get { Int(ck_threads_get()) }
    set { _ = ck_threads_set(Int32(clamping: newValue)) }
  }

  /// Bytes of address space that a thread which calls BLAS takes.
  public static var workspaceOfBLAS: Int { ck_threads_workspace() }

  /// Takes the workspaces of BLAS for so many threads, or as many as there is address space for; how many these are. BLAS
  /// waits for ever for one that there is no room for when it first needs it.
  public static func takeWorkspacesOfBLAS(_ threads: Int) -> Int {
    Int(ck_threads_take_workspaces(Int32(clamping: threads)))
  }

  /// Runs `body` for every part in `0..<parts` on the pool and returns when all are done. The order
  /// is free; a part may only write what is its own and may not start a region itself.
  public static func run(parts: Int, _ body: @Sendable (_ part: Int) -> Void) {
    typealias Body = @Sendable (Int) -> Void
    withoutActuallyEscaping(body) { (body: @escaping Body) in
      var body: Body = body
      withUnsafeMutablePointer(to: &body) { pointer in
        ck_threads_run(
          { context, part, _ in
            context!.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(Int(part))
          }, pointer, Int32(clamping: parts))
      }
    }
  }
}

/// Versions of a kernel: portable C, or vector code for an instruction set.
public enum InstructionSet: Int, Sendable, CaseIterable, Comparable {
  case portable = 0
  case avx2 = 1
  case avx512 = 2

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  /// `portable`, `avx2`, `avx512`.
  public var name: String { "\(self)" }

  /// The most that this machine has, or what it was lowered to for this process: to measure, or to get the bits of
  /// a lesser machine. To be lowered before anything else is done; convolutions are planned for it.
  public static var best: InstructionSet {
    get { InstructionSet(rawValue: Int(ck_isa_best())) ?? .portable }
    set { ck_isa_limit(Int32(newValue.rawValue)) }
  }

  /// The level in force: the machine's best unless lowered (tests run every one the machine has).
  public static var current: InstructionSet {
    get { InstructionSet(rawValue: Int(ck_isa_get())) ?? .portable }
    set { _ = ck_isa_set(Int32(newValue.rawValue)) }
  }
}
