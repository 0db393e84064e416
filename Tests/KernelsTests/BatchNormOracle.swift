import Kernels

/// Batch normalisation from its definition, in double: rows of D channels.
struct BatchNormOracle {
  var rows: Int
  var channels: Int
  var epsilon: Double
  var relu = false
  /// Fixed statistics, or nil to take the batch's.
  var fixed: (mean: [Double], variance: [Double])?

  struct Inputs {
    var x: [Double]
    var weight: [Double]
    var bias: [Double]
    var residual: [Double]?
  }

  func statistics(_ x: [Double]) -> (mean: [Double], variance: [Double]) {
    if let fixed { return fixed }
    var mean = [Double](repeating: 0, count: channels)
    var variance = mean
    for i in x.indices { mean[i % channels] += x[i] / Double(rows) }
    for i in x.indices {
      let difference = x[i] - mean[i % channels]
      variance[i % channels] += difference * difference / Double(rows)
    }
    return (mean, variance)
  }

  /// The output before the ReLU.
  func sums(_ inputs: Inputs) -> [Double] {
    let (mean, variance) = statistics(inputs.x)
    return inputs.x.indices.map { i in
      let d = i % channels
      let normal = (inputs.x[i] - mean[d]) / (variance[d] + epsilon).squareRoot()
      return normal * inputs.weight[d] + inputs.bias[d] + (inputs.residual?[i] ?? 0)
    }
  }

  func forward(_ inputs: Inputs) -> [Double] { sums(inputs).map { relu ? max($0, 0) : $0 } }

  struct Gradients {
    var x: [Double]
    var weight: [Double]
    var bias: [Double]
    var residual: [Double]
  }

  /// `throughStatistics`: whether the batch's statistics depend on x, as they do unless they are fixed.
  func backward(_ dy: [Double], _ inputs: Inputs, throughStatistics: Bool = true) -> Gradients {
    let (mean, variance) = statistics(inputs.x)
    let values = sums(inputs)
    let g = dy.indices.map { relu && values[$0] <= 0 ? 0 : dy[$0] }
    var dWeight = [Double](repeating: 0, count: channels)
    var dBias = dWeight
    let normal = inputs.x.indices.map { i in
      (inputs.x[i] - mean[i % channels]) / (variance[i % channels] + epsilon).squareRoot()
    }
    for i in g.indices {
      dBias[i % channels] += g[i]
      dWeight[i % channels] += g[i] * normal[i]
    }
    let dx = g.indices.map { i in
      let d = i % channels
      let indirect = fixed == nil && throughStatistics ? (dBias[d] + normal[i] * dWeight[d]) / Double(rows) : 0
      return (g[i] - indirect) * inputs.weight[d] / (variance[d] + epsilon).squareRoot()
    }
    return Gradients(x: dx, weight: dWeight, bias: dBias, residual: g)
  }
}
