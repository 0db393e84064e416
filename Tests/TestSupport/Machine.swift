import Kernels

/// The machine as tests want it: every instruction set it has, and several numbers of threads.
package enum Machine {
  private static let lock = Locked(())

  package static var instructionSets: [InstructionSet] {
    lock.withLock { _ in
      let best = InstructionSet.current
      return InstructionSet.allCases.filter { $0 <= best }
    }
  }

  /// Runs `body` under each instruction set with 1, 2 and 3 threads and says which run gave what. Other
  /// tests may run at the same time; nothing else may set threads or the instruction set meanwhile, so
  /// do not nest.
  package static func everyVariant<R>(_ body: () throws -> R) rethrows -> [(name: String, result: R)] {
    try lock.withLock { _ in
      let (best, threads) = (InstructionSet.current, Threads.count)
      defer {
        InstructionSet.current = best
        Threads.count = threads
      }
      var results: [(String, R)] = []
      for set in InstructionSet.allCases where set <= best {
        for count in 1...3 {
          InstructionSet.current = set
          Threads.count = count
          results.append(("\(set), \(count) threads", try body()))
        }
      }
      return results
    }
  }
}

/// Memory with margins on both sides, for calls into C: the block starts off any alignment and holds a
/// pattern, so that missing and stray writes show.
package final class Guarded<Element: FixedWidthInteger> {
  private static var margin: Int { 37 }
  private static var pattern: Element { Element(truncatingIfNeeded: 0x7FC0_DEAD_7FC0_DEAD as UInt64) }
  private let buffer: UnsafeMutablePointer<Element>
  private let count: Int

  package init(count: Int) {
    self.count = count
    buffer = .allocate(capacity: count + 2 * Self.margin)
    buffer.initialize(repeating: Self.pattern, count: count + 2 * Self.margin)
  }

  deinit { buffer.deallocate() }

  package var base: UnsafeMutablePointer<Element> { buffer + Self.margin }
  package var values: [Element] { (0..<count).map { base[$0] } }

  /// Whether nothing outside the block was written.
  package var marginsAreIntact: Bool {
    (0..<Self.margin).allSatisfy { buffer[$0] == Self.pattern && base[count + $0] == Self.pattern }
  }
  /// Elements that still hold the pattern. (As a float it is a NaN no kernel makes.)
  package var unwritten: Int { values.count { $0 == Self.pattern } }
}

extension Guarded where Element == UInt32 {
  /// The block as floats.
  package var floats: UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(base).assumingMemoryBound(to: Float.self)
  }
  package convenience init(_ tensor: Tensor) {
    self.init(count: tensor.count)
    for (i, bits) in tensor.bits.enumerated() { base[i] = bits }
  }
}
