import Kernels

extension Tensor {
  /// Reproducible values spread evenly over a range.
  package static func sample(_ shape: Shape, seed: UInt64, in range: ClosedRange<Float> = -1...1) -> Tensor {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
    let values = (0..<shape.count).map { _ in
      // SplitMix64 (Steele, Lea, Flood 2014)
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      let unit = Float((z ^ (z >> 31)) >> 40) / Float(1 << 24)
      return range.lowerBound + (range.upperBound - range.lowerBound) * unit
    }
    return Tensor(values, shape: shape)
  }

  package var doubles: [Double] { values.map(Double.init) }

  /// The bits of all elements, to compare results that must be the same to the last one (NaN included).
  package var bits: [UInt32] { values.map(\.bitPattern) }
}

/// ⟨a, b⟩ in double.
package func innerProduct(_ a: Tensor, _ b: Tensor) -> Double {
  precondition(a.count == b.count, "inner product of \(a.shape) and \(b.shape)")
  return zip(a.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
