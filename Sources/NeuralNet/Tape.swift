import Kernels

/// Records the operations of one forward pass and runs their gradients backward.
///
/// The tape holds no values itself: each recorded step holds what its own gradient needs (a
/// convolution its input, a batch norm its statistics), and is released as soon as it has run, so
/// that memory falls steadily during ``backward(from:_:)``. A tape is used once, from one thread.
public final class Tape {
  /// The gradients of a step's inputs from the gradient of its output, in the inputs' order; nil
  /// where an input is a constant. Parameters receive their share inside.
  package typealias Pullback = (_ dOutput: Tensor) throws -> [Tensor?]

  /// The same for one input, adding to its gradient in place: nil before the first of its uses.
  package typealias AddingPullback = (_ dOutput: Tensor, _ dInput: inout Tensor?) throws -> Void

  private enum Step {
    case returning([Int?], Pullback)
    case adding(Int?, AddingPullback)
  }
  private var steps: [Step] = []
  private var finished = false

  public init() {}

  /// Steps recorded and not yet run backward.
  public var count: Int { steps.count }

  /// Appends a step and returns its output as a variable.
  package func record(_ output: Tensor, inputs: [Variable], _ pullback: @escaping Pullback) -> Variable {
    append(.returning(inputs.map(\.node), pullback), output)
  }

  /// Appends a step whose pullback adds to the gradient of its input.
  package func record(_ output: Tensor, addingTo input: Variable, _ pullback: @escaping AddingPullback) -> Variable {
    append(.adding(input.node, pullback), output)
  }

  private func append(_ step: Step, _ output: Tensor) -> Variable {
    precondition(!finished, "a tape records one forward pass; make a new one")
    steps.append(step)
    return Variable(output, node: steps.count - 1)
  }

  /// A leaf whose gradient ``backward(from:_:)`` hands back: for tests and for losses of the input.
  public func leaf(_ value: Tensor, _ receive: @escaping (_ gradient: Tensor) -> Void) -> Variable {
    record(value, inputs: []) { gradient in
      receive(gradient)
      return []
    }
  }

  /// Adds d loss / d parameter to every parameter that `output` depends on.
  ///
  /// - Parameters:
  ///   - output: a variable of this tape; a constant gives nothing.
  ///   - gradient: d loss / d output, of the output's shape.
  ///
  /// Throws ``KernelError`` from a kernel. The tape is empty afterwards.
  public func backward(from output: Variable, _ gradient: Tensor) throws {
    precondition(!finished, "this tape has already run backward")
    precondition(gradient.shape == output.shape, "gradient \(gradient.shape) for an output \(output.shape)")
    finished = true
    defer { steps.removeAll() }
    guard let last = output.node else { return }
    var gradients = [Tensor?](repeating: nil, count: steps.count)
    gradients[last] = gradient
    while let step = steps.popLast() {
      // Taken out, so that the gradient's memory is free for reuse when the step returns.
      guard let dOutput = gradients[steps.count] else { continue }
      gradients[steps.count] = nil
      switch step {
      case .adding(let input, let pullback):
        var unwanted: Tensor?
        if let input { try pullback(dOutput, &gradients[input]) } else { try pullback(dOutput, &unwanted) }
      case .returning(let inputs, let pullback):
        for (input, dInput) in zip(inputs, try pullback(dOutput)) {
          guard let input, let dInput else { continue }
          if gradients[input] == nil {
            gradients[input] = dInput
          } else {
            try gradients[input]!.accumulate(dInput)
          }
        }
      }
    }
  }
}
