import DataPipeline
import Evaluation
import Foundation
import Kernels
import NeuralNet
import Training

/// Time and memory of steps and measurements of one kind on this machine.
struct StepSpeed: Sendable {
  let parameters: Int
  /// Numbers in a checkpoint that belong to model and optimiser.
  let state: Int
  /// Bytes that stay in tensors from step to step, but for what is kept of each image: weights, momentum, gradients.
  let resident: Int
  let convolutions: [PlannedConvolution]
  /// A training step.
  let step: CostLine
  /// Representations of images, reading and resizing included.
  let look: CostLine
  /// Making both views of an image, on one thread.
  let secondsPerViewPair: Double
  /// Bytes of one view of one image.
  let viewBytes: Int
  /// Whether steps were not measured, but reckoned by multiply-adds from others that were.
  let isEstimated: Bool

  /// Batches that the loader makes ahead, the one in use included.
  static let batchesAhead = 4
}

// MARK: - Measurements

extension StepSpeed {
  /// Of one image's representation.
  var secondsPerLook: Double { look.seconds(PlainBatches.standardSize) / Double(PlainBatches.standardSize) }

  /// Seconds of all measurements of an arm: all probes at the end, the first one also on the way, and the picture.
  func measuring(_ plan: ArmPlan) -> Double {
    let perImage = secondsPerLook
    let picture = Double(plan.images.pictured)
    // The picture of a circle is drawn as it is, and the measurement looks at the same once more.
    if plan.circle != nil { return 2 * Double(plan.images.testCount) * perImage }
    var total = picture * perImage + MeasuringSpeed.shared.mapSecondsPerPair * picture * picture
    guard let evaluation = plan.evaluation else { return total }
    func looking(_ probe: ProbePlan) -> Double {
      Double(probe.learning(plan.images).count + probe.testing(plan.images).count) * perImage
    }
    total += evaluation.probes.firstByImages.reduce(0) { $0 + looking($1) }
    total += evaluation.probes.reduce(0) { $0 + probing($1, plan) }
    let onTheWay = evaluation.every.map { (plan.epochs - 1) / $0 } ?? 0
    return total + Double(onTheWay) * (looking(evaluation.probes[0]) + probing(evaluation.probes[0], plan))
  }

  /// Seconds of one probe once the representations are there.
  private func probing(_ probe: ProbePlan, _ plan: ArmPlan) -> Double {
    let (learnt, judged) = (Double(probe.learnt(plan.images)), Double(probe.testing(plan.images).count))
    let features = Double(plan.model.encoder.features)
    let classes = Double(probe.learning(plan.images).classNames.count)
    let neighbours = learnt * judged * features * MeasuringSpeed.shared.secondsPerProduct
    switch probe.probe {
    case .nearest: return neighbours
    case .tuned(let tuning):
      // A step of training has two views.
      let batch = tuning.batch(of: Int(learnt))
      return Double(tuning.epochs) * learnt * step.seconds(batch) / Double(2 * batch)
    case .linear(let options, let also):
      let perNumber = classes * MeasuringSpeed.shared.probeSecondsPerProduct + MeasuringSpeed.shared.probeSecondsPerNumber
      return Double(options.epochs) * learnt * features * perNumber + (also == nil ? 0 : neighbours)
    }
  }
}
