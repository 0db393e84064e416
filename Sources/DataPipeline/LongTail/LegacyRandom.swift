/// numpy's legacy generator, `numpy.random.RandomState(seed)`: MT19937, needed to repeat published splits to the bit.
/// New draws use counter-based numbers instead.
///
/// Source: Matsumoto and Nishimura (1998), mt19937ar.c; numpy's `random_interval` and legacy `shuffle`, whose stream
/// numpy guarantees not to change.
public struct LegacyRandom: Sendable {
  private static let size = 624
  private var state: [UInt32]
  private var next = LegacyRandom.size

  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.size)
    for i in 1..<UInt32(Self.size) {
      let last = state[Int(i) - 1]
      state.append(1_812_433_253 &* (last ^ (last >> 30)) &+ i)
    }
  }

  /// The next 32 random bits.
  public mutating func nextBits() -> UInt32 {
    if next == Self.size { regenerate() }
    var y = state[next]
    next += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9D2C_5680
    y ^= (y << 15) & 0xEFC6_0000
    return y ^ (y >> 18)
  }

  /// A number in 0...largest, each as likely as the next: bits under the smallest mask that covers `largest`, drawn
  /// again while they exceed it. No bits are drawn for 0.
  public mutating func upTo(_ largest: UInt32) -> UInt32 {
    if largest == 0 { return 0 }
    let mask = UInt32.max >> UInt32(largest.leadingZeroBitCount)
    while true {
      let value = nextBits() & mask
      if value <= largest { return value }
    }
  }

  /// `numpy.random.shuffle` of a one-dimensional array: from the last element to the second, each changes places with
  /// one before it or itself. Programmer error: more than 2³² elements trap.
  public mutating func shuffle<Element>(_ values: inout [Element]) {
    guard values.count > 1 else { return }
    for i in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(i, Int(upTo(UInt32(i)))) }
  }

  private mutating func regenerate() {
    for i in 0..<Self.size {
      let y = (state[i] & 0x8000_0000) | (state[(i + 1) % Self.size] & 0x7FFF_FFFF)
      state[i] = state[(i + 397) % Self.size] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    next = 0
  }
}
