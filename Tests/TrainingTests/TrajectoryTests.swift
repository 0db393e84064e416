import Foundation
import Kernels
import NeuralNet
import TestSupport
import Testing
import Training

/// NT-Xent by the definition, in double.
final class OracleNTXent: LossTerm {
  let name = "contrastive"
  let temperature: Double
  let gamma: Double
  init(temperature: Double, gamma: Double) {
    self.temperature = temperature
    self.gamma = gamma
  }

  func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    let (n, d) = (pair.first.shape[0], pair.first.shape[1])
    let raw = (pair.first.values + pair.second.values).map(Double.init)
    let norms = (0..<2 * n).map { i in (0..<d).reduce(0) { $0 + raw[i * d + $1] * raw[i * d + $1] }.squareRoot() }
    let u = raw.enumerated().map { $1 / norms[$0 / d] }
    var du = [Double](repeating: 0, count: raw.count)
    var total = 0.0
    for a in 0..<2 * n {
      let partner = (a + n) % (2 * n)
      let scores = (0..<2 * n).map { b in (0..<d).reduce(0) { $0 + u[a * d + $1] * u[b * d + $1] } / temperature }
      var denominator = 0.0
      for b in 0..<2 * n where b != a { denominator += exp(scores[b]) }
      let p = exp(scores[partner]) / denominator
      total -= pow(1 - p, gamma) * log(p)
      // d loss / d log p
      let slope = -pow(1 - p, gamma) + (gamma == 0 ? 0 : gamma * pow(1 - p, gamma - 1) * p * log(p))
      for b in 0..<2 * n where b != a {
        let g = slope * ((b == partner ? 1 : 0) - exp(scores[b]) / denominator) / temperature
        for k in 0..<d {
          du[a * d + k] += g * u[b * d + k]
          du[b * d + k] += g * u[a * d + k]
        }
      }
    }
    var dz = [Float](repeating: 0, count: raw.count)
    for a in 0..<2 * n {
      let along = (0..<d).reduce(0) { $0 + du[a * d + $1] * u[a * d + $1] }
      for k in 0..<d { dz[a * d + k] = Float((du[a * d + k] - along * u[a * d + k]) / norms[a] / Double(2 * n)) }
    }
    return LossTermValue(
      value: total / Double(2 * n), weight: 1, dFirst: Tensor(Array(dz[..<(n * d)]), shape: [n, d]),
      dSecond: Tensor(Array(dz[(n * d)...]), shape: [n, d]))
  }
}

@Suite struct TrajectoryTests {
  @Test(arguments: ["train_simclr", "train_focal"])
  func goldenTrajectories(_ name: String) throws {
    let golden = try GoldenCase(name)
    let architecture = try JSONSerialization.data(withJSONObject: golden.params["architecture"]!)
    let model = try ContrastiveModel(
      #require(ContrastiveModel.Configuration(json: String(decoding: architecture, as: UTF8.self))), seed: 0)
    var initial: [String: Tensor] = [:]
    for key in golden.contents.tensors.keys where key.hasPrefix("in.initial.") {
      initial[String(key.dropFirst("in.initial.".count))] = golden.tensor(key)
    }
    try model.load(state: initial)
    let optimizer = golden.params["optimizer"] as! [String: Any]
    let sgd = SGDOptimizer(.init(momentum: optimizer["momentum"] as! Double, weightDecay: optimizer["weight_decay"] as! Double))
    let method = PairMethod([
      OracleNTXent(temperature: golden.number("temperature")!, gamma: golden.number("gamma") ?? 0)
    ])
    let step = TrainingStep(method: method, optimizer: sgd)
    let views = ["in.view1", "in.view2"].map { golden.tensor($0) }
    let steps = views[0].shape[0]
    var losses: [Double] = []
    for index in 0..<steps {
      let batch = TrainingBatch(
        indices: Array(0..<views[0].shape[1]),
        views: views.map { view in
          let shape = Shape(Array(view.shape.extents.dropFirst()))
          let values = view.values[index * shape.count..<(index + 1) * shape.count]
          return Tensor(Array(values), shape: shape).toNHWC()
        })
      let report = try step(
        model, batch,
        StepPlan(moment: Moment(step: index, batchesPerEpoch: steps), learningRate: optimizer["lr"] as! Double))
      losses.append(report.loss.total)
    }
    #expect(golden.excess("loss", losses) <= 1)
    for (key, value) in model.state {
      let excess = golden.excess("final." + key, value)
      #expect(excess <= 1, "\(key): \(excess) of the error allowed")
    }
  }
}
