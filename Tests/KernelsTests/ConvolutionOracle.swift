import Kernels

/// Convolution from its definition: plain loops in double, to compare the kernels with.
struct ConvolutionOracle {
  let plan: Convolution

  func forward(_ x: Tensor, _ weight: Tensor) -> [Double] {
    var y = [Double](repeating: 0, count: plan.outputShape.count)
    let (x, weight) = (x.values, weight.values)
    visit { out, input, tap in y[out] += Double(x[input]) * Double(weight[tap]) }
    return y
  }

  func backwardData(_ dOutput: Tensor, _ weight: Tensor) -> [Double] {
    var dx = [Double](repeating: 0, count: plan.inputShape.count)
    let (dy, weight) = (dOutput.values, weight.values)
    visit { out, input, tap in dx[input] += Double(dy[out]) * Double(weight[tap]) }
    return dx
  }

  func backwardWeight(_ dOutput: Tensor, _ x: Tensor) -> [Double] {
    var dw = [Double](repeating: 0, count: plan.weightShape.count)
    let (dy, x) = (dOutput.values, x.values)
    visit { out, input, tap in dw[tap] += Double(dy[out]) * Double(x[input]) }
    return dw
  }

  /// Every product of the sums: flat positions in y, x and w.
  private func visit(_ body: (_ out: Int, _ input: Int, _ tap: Int) -> Void) {
    let (x, w, y) = (plan.inputShape, plan.weightShape, plan.outputShape)
    for n in 0..<y[0] {
      for p in 0..<y[1] {
        for q in 0..<y[2] {
          for r in 0..<w[1] {
            let h = p * plan.stride.rows - plan.padding.rows + r
            guard h >= 0, h < x[1] else { continue }
            for s in 0..<w[2] {
              let v = q * plan.stride.columns - plan.padding.columns + s
              guard v >= 0, v < x[2] else { continue }
              for k in 0..<y[3] {
                for c in 0..<x[3] {
                  body(
                    ((n * y[1] + p) * y[2] + q) * y[3] + k, ((n * x[1] + h) * x[2] + v) * x[3] + c,
                    ((k * w[1] + r) * w[2] + s) * w[3] + c)
                }
              }
            }
          }
        }
      }
    }
  }
}
