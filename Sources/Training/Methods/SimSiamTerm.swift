import Kernels
import NeuralNet
import Objectives

/// SimSiam (Chen and He, CVPR 2021, equations 1 to 4): each view's embedding z, through a predictor h, is to point where
/// the other view's does, which counts as a constant:
///
///     L = ½ D(h(z₁), z₂) + ½ D(h(z₂), z₁),   D(p, z) = −p·z / (‖p‖ ‖z‖), the mean over the batch.
///
/// There is nothing to tell images apart, so no temperature and no need of large batches; predictor and constant are
/// what keeps embeddings from collapsing. The predictor's batch norm takes each view on its own.
public final class SimSiamTerm: LossTerm {
  public let name = "simsiam"
  public let isKnownPerSample = true
  private let predictor: Predictor

  /// - Parameters:
  ///   - dimension: of the embeddings.
  ///   - hidden: of the predictor; the authors take a quarter of the dimension.
  /// Throws `ModelError` for a width below 1.
  public init(dimension: Int, hidden: Int, seed: UInt64) throws {
    predictor = try Predictor(
      name: "simsiam.predictor", inputs: dimension, hidden: hidden, outputs: dimension, seed: seed)
  }

  public var parameters: [Parameter] { predictor.parameters }

  public func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    let one = try half(pair.first, towards: pair.second, pair)
    let two = try half(pair.second, towards: pair.first, pair)
    let perSample = zip(one.values, two.values).map { ($0 + $1) / 2 }
    let weights = pair.weights?.values ?? [Float](repeating: 1, count: perSample.count)
    let sum = zip(weights, perSample).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    return LossTermValue(
      value: sum / Double(perSample.count), weight: 1, dFirst: one.gradient, dSecond: two.gradient,
      perSample: Tensor(perSample, shape: [perSample.count]))
  }

  /// D of each sample for one view, and half the gradient of its mean.
  private func half(
    _ z: Tensor, towards target: Tensor, _ pair: EmbeddingPair
  ) throws -> (values: [Float], gradient: Tensor) {
    let tape = Tape()
    var gradient = Tensor(zeros: z.shape)
    let output = try predictor(tape.leaf(z) { gradient = $0 }, .training(tape, moves: pair.movesState ? 1 : 0))
    let distance = try NegativeCosine(output.value, target, weights: pair.weights)
    try tape.backward(from: output, distance.gradient.scaled(by: 0.5))
    return (distance.perSample, gradient)
  }

  public var state: [String: Tensor] { predictor.state }
  public func load(state: [String: Tensor]) throws { try predictor.load(state: state) }
}
