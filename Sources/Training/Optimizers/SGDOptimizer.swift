import Kernels
import NeuralNet

/// Stochastic gradient descent with momentum and L2 weight decay, in the order of PyTorch:
///
///     g ← gradient + weightDecay · p;   v ← momentum · v + g;   p ← p − rate · v
///
/// with v = 0 before the first step; Nesterov's form moves p by g + momentum · v in the place of v. Decay acts on all
/// parameters alike, as in the published runs.
public final class SGDOptimizer: Optimizer {
  public struct Settings: Hashable, Sendable {
    public var momentum: Double
    public var weightDecay: Double
    public var nesterov: Bool

    public init(momentum: Double = 0.9, weightDecay: Double = 5e-4, nesterov: Bool = false) {
      self.momentum = momentum
      self.weightDecay = weightDecay
      self.nesterov = nesterov
    }
  }

  public let settings: Settings
  /// v by parameter name, in the order of memory.
  private var velocity: [String: Velocity] = [:]

  private struct Velocity {
    var value: Tensor
    let layout: FileLayout
  }

  public init(_ settings: Settings) { self.settings = settings }

  /// Updates every parameter that has a gradient. Throws ``KernelError``.
  public func update(_ parameters: [Parameter], learningRate: Double) throws {
    let kernel = SGD(
      rate: learningRate, momentum: settings.momentum, weightDecay: settings.weightDecay, nesterov: settings.nesterov)
    for parameter in parameters {
      guard let gradient = parameter.gradient else { continue }
      // Taken out for the update, so that it changes in place.
      var v =
        velocity.removeValue(forKey: parameter.name)
        ?? Velocity(value: Tensor(zeros: gradient.shape), layout: parameter.layout)
      try kernel.update(&parameter.value, gradient: gradient, velocity: &v.value)
      velocity[parameter.name] = v
    }
  }

  // MARK: Checkpoints

  /// v under `momentum.PARAMETER`, in the order of elements that files have.
  public var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, v) in velocity { result["momentum." + name] = v.layout.toFile(v.value) }
    return result
  }

  /// Takes over a saved state. Throws ``ModelError`` for a tensor of another shape; nothing is changed then.
  public func load(state: [String: Tensor], for parameters: [Parameter]) throws {
    var loaded: [String: Velocity] = [:]
    for parameter in parameters {
      // A parameter that has had no gradient yet has no momentum either.
      guard let tensor = state["momentum." + parameter.name] else { continue }
      let expected = parameter.layout.toFile(parameter.value).shape
      guard tensor.shape == expected else {
        throw ModelError(
          "momentum." + parameter.name, "shape \(tensor.shape)", "this model needs \(expected)")
      }
      loaded[parameter.name] = Velocity(value: parameter.layout.fromFile(tensor), layout: parameter.layout)
    }
    velocity = loaded
  }
}
