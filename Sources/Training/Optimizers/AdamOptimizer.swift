import Kernels
import NeuralNet

/// Adam (Kingma and Ba 2015) with L2 weight decay added to the gradient, in the order of PyTorch; see ``Adam``.
public final class AdamOptimizer: Optimizer {
  public struct Settings: Hashable, Sendable {
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var weightDecay: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
    }
  }

  public let settings: Settings
  /// By parameter name, in the order of memory.
  private var moments: [String: Moments] = [:]

  private struct Moments {
    var state: Adam.State
    let layout: FileLayout
  }

  public init(_ settings: Settings) { self.settings = settings }

  public func update(_ parameters: [Parameter], learningRate: Double) throws {
    let kernel = Adam(
      rate: learningRate, beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon,
      weightDecay: settings.weightDecay)
    for parameter in parameters {
      guard let gradient = parameter.gradient else { continue }
      // Taken out for the update, so that it changes in place.
      var own =
        moments.removeValue(forKey: parameter.name)
        ?? Moments(state: Adam.State(shape: gradient.shape), layout: parameter.layout)
      try kernel.update(&parameter.value, gradient: gradient, state: &own.state)
      moments[parameter.name] = own
    }
  }

  // MARK: Checkpoints

  /// Steps are two digits to this base, as a float holds whole numbers up to 2²⁴ alone.
  private static let base = 65_536

  /// `mean.PARAMETER`, `square.PARAMETER`, and `steps.PARAMETER` as two digits to the base 65,536.
  public var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, own) in moments {
      result["mean." + name] = own.layout.toFile(own.state.mean)
      result["square." + name] = own.layout.toFile(own.state.square)
      let (high, low) = own.state.step.quotientAndRemainder(dividingBy: Self.base)
      result["steps." + name] = Tensor([Float(high), Float(low)], shape: [2])
    }
    return result
  }

  public func load(state: [String: Tensor], for parameters: [Parameter]) throws {
    var loaded: [String: Moments] = [:]
    for parameter in parameters {
      // A parameter that has had no gradient yet has no moments either.
      guard state["mean." + parameter.name] != nil else { continue }
      let expected = parameter.layout.toFile(parameter.value).shape
      func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
        let full = name + "." + parameter.name
        guard let tensor = state[full], tensor.shape == shape else {
          throw ModelError(full, "shape \(state[full].map { "\($0.shape)" } ?? "missing")", "this model needs \(shape)")
        }
        return tensor
      }
      let digits = try tensor("steps", [2]).values
      loaded[parameter.name] = Moments(
        state: Adam.State(
          mean: parameter.layout.fromFile(try tensor("mean", expected)),
          square: parameter.layout.fromFile(try tensor("square", expected)),
          step: Int(digits[0]) * Self.base + Int(digits[1])), layout: parameter.layout)
    }
    moments = loaded
  }
}
