import Foundation
import Kernels

/// Names and first values of a model's parameters. Every tensor draws from its own stream, keyed by
/// seed and name, so that no layer's values depend on which other layers there are.
struct Initialization {
  let seed: UInt64
  let path: String

  init(seed: UInt64, path: String = "") {
    self.seed = seed
    self.path = path
  }

  /// The same for what is inside: `scope("layer1").scope("0")` → `layer1.0`.
  func scope(_ name: String) -> Initialization {
    Initialization(seed: seed, path: path.isEmpty ? name : path + "." + name)
  }

  func parameter(_ name: String, _ shape: Shape, _ values: Values, layout: FileLayout = .same) -> Parameter {
    let path = scope(name).path
    return Parameter(name: path, value: draw(values, shape, path), layout: layout)
  }

  func buffer(_ name: String, _ shape: Shape, constant: Float) -> Buffer {
    Buffer(name: scope(name).path, value: Tensor(repeating: constant, shape: shape))
  }

  enum Values {
    case constant(Float)
    /// Normal, mean 0: He et al. 2015 with the fan of the outputs, as torchvision's ResNets.
    case normal(deviation: Float)
    /// Uniform in ±bound.
    case uniform(bound: Float)
  }

  private func draw(_ values: Values, _ shape: Shape, _ path: String) -> Tensor {
    var random = SplitMix64(state: seed &* 0x9e37_79b9_7f4a_7c15 ^ stableHash(path))
    switch values {
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .normal(let deviation):
      // Box and Muller: two uniform numbers make two normal ones.
      var second: Float?
      return Tensor(
        (0..<shape.count).map { _ in
          if let value = second {
            second = nil
            return value
          }
          let radius = (-2 * log(1 - random.unit())).squareRoot() * Double(deviation)
          let angle = 2 * Double.pi * random.unit()
          second = Float(radius * sin(angle))
          return Float(radius * cos(angle))
        }, shape: shape)
    case .uniform(let bound):
      return Tensor((0..<shape.count).map { _ in Float(2 * random.unit() - 1) * bound }, shape: shape)
    }
  }
}

private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform in 0..<1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// FNV-1a, 64 bits: the same on every machine and in every run, unlike `Hasher`.
func stableHash(_ text: String) -> UInt64 {
  text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
