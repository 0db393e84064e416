import Kernels

/// Names and first values of a model's parameters. Every tensor draws from its own stream, keyed by
/// seed and name, so that no layer's values depend on which other layers there are.
struct Initialization {
  let seed: UInt64
  let path: String
  /// Whether batch norms have a second set of parameters.
  let hasPrunedBranch: Bool

  init(seed: UInt64, path: String = "", hasPrunedBranch: Bool = false) {
    self.seed = seed
    self.path = path
    self.hasPrunedBranch = hasPrunedBranch
  }

  /// The same for what is inside: `scope("layer1").scope("0")` → `layer1.0`.
  func scope(_ name: String) -> Initialization {
    Initialization(seed: seed, path: path.isEmpty ? name : path + "." + name, hasPrunedBranch: hasPrunedBranch)
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
    case normal(deviation: Double)
    /// Uniform in ±bound.
    case uniform(bound: Double)
  }

  private func draw(_ values: Values, _ shape: Shape, _ path: String) -> Tensor {
    var random = CounterRandom(seed: seed, .initialization, name: path)
    switch values {
    case .constant(let value): return Tensor(repeating: value, shape: shape)
    case .normal(let deviation): return random.normal(deviation: deviation, shape: shape)
    case .uniform(let bound): return random.uniform(-bound, bound, shape: shape)
    }
  }
}
