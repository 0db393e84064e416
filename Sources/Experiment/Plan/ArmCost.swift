import Foundation
import Kernels
import NeuralNet

/// What an arm will cost, from the model itself and one small step on this machine.
struct ArmCost {
  let parameters: Int
  /// Bytes of one checkpoint.
  let checkpoint: Int
  /// Bytes that tensors of a step take at most; images of the data set come on top.
  let memory: Int
  /// Seconds of training, measurements not included.
  let seconds: Double
  /// As planned for a batch.
  let convolutions: [PlannedConvolution]

  /// Images in the step that is timed: enough to be typical, few enough to be quick.
  private static let sample = 16

  init(_ plan: ArmPlan) throws {
    let model = try ContrastiveModel(plan.model, convolution: plan.convolution, seed: plan.seed)
    let parameterCount = model.parameterCount
    let scores = plan.method.harmonization.map { $0.classes * plan.images.trainingCount } ?? 0
    let state = model.parameters.reduce(0) { $0 + 2 * $1.value.count } + model.buffers.reduce(0) { $0 + $1.value.count }
    let images = min(Self.sample, plan.clock.batch)
    func shape(_ images: Int) -> Shape { [images, plan.images.viewSize, plan.images.viewSize, plan.images.channels] }
    convolutions = try model.backbone.convolutions(of: shape(plan.clock.batch))
    let views = (0..<2).map { _ in Tensor(repeating: 0.5, shape: shape(images)) }
    var times: [Double] = []
    var used = 0
    for _ in 0..<2 {
      let start = ContinuousClock.now
      let tapes = [Tape(), Tape()]
      let outputs = try zip(views, tapes).map { try model(Variable($0), .training($1)) }
      used = max(used, BufferPool.shared.usage.inUse)
      for (output, tape) in zip(outputs, tapes) {
        try tape.backward(from: output, Tensor(repeating: 1, shape: output.shape))
      }
      model.clearGradients()
      times.append((ContinuousClock.now - start).seconds)
    }
    parameters = parameterCount
    checkpoint = 4 * (state + scores)
    let activations = max(0, used - 4 * state) / images * plan.clock.batch
    memory = activations + 4 * (state + parameterCount + scores)
    seconds = (times.min() ?? 0) / Double(images) * Double(plan.clock.images) * Double(plan.epochs)
  }
}
