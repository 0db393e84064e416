import DataPipeline
import Foundation
import Kernels
import NeuralNet
import Training

/// What an arm will cost, from the model itself and a few small steps on this machine.
///
/// Sums are linear in what was measured: a step's time and memory in its images, a measurement's in those it looks at.
public struct ArmCost: Sendable {
  public let parameters: Int
  /// Bytes of one checkpoint.
  public let checkpoint: Int
  /// Bytes that will be on the disk when the arm is done.
  public let disk: Int
  /// The most bytes that will be resident in the process at once.
  public let memory: Int
  /// Seconds of training.
  public let training: Double
  /// Seconds of probes and of the picture at the end.
  public let measuring: Double
  /// Seconds to look at each training image once.
  let looking: Double
  /// As planned for a batch.
  let convolutions: [PlannedConvolution]

  /// Whether its steps were not measured, but reckoned by multiply-adds from others that were: there are many kinds of them.
  public let isEstimated: Bool

  public var seconds: Double { training + measuring }

  /// The stages of DnC with their seconds of training; none of another method.
  var stages: [(stage: StagePlan, training: Double)] = []

  /// Of the stages of DnC together. They come one after the other; the last has all teachers in memory, and each leaves
  /// its last state.
  init(_ divide: DividePlan, _ costs: [ArmCost]) {
    let (first, last) = (costs[0], costs[costs.count - 1])
    parameters = last.parameters
    convolutions = last.convolutions
    checkpoint = costs.map(\.checkpoint).max()!
    disk = costs.reduce(0) { $0 + $1.disk } + first.checkpoint
    // One teacher is in the measurement of the last stage already.
    let teachers = divide.clusters * 4 * first.parameters
    memory = max(costs.map(\.memory).max()!, last.memory + teachers)
    training = costs.reduce(0) { $0 + $1.training }
    looking = first.looking
    isEstimated = costs.contains { $0.isEstimated }
    // The clusters are those of all images; finding them is short beside looking at them.
    measuring = last.measuring + first.looking
    stages = zip(divide.stages, costs).map { ($0, $1.training) }
  }

  /// - Parameter base: bytes resident in the process with the images read and before anything is trained.
  init(_ plan: ArmPlan, _ speed: StepSpeed, base: Int) {
    parameters = speed.parameters
    convolutions = speed.convolutions
    isEstimated = speed.isEstimated
    let kept = 4 * plan.method.numbersPerImage * plan.images.trainingCount
    let aligned = 4 * plan.method.numbersForAlignment * plan.images.trainingCount
    checkpoint = 4 * speed.state + kept + aligned
    let snapshots = plan.snapshots.map { plan.epochs / $0 } ?? 0
    // A line of the log has about 300 bytes; the picture and the resolved recipe are small beside the rest.
    disk = checkpoint * (1 + snapshots) + 300 * plan.steps + 100_000

    // No step has more images than there are.
    let batch = min(plan.clock.batch, plan.clock.images)
    let batches = Double(StepSpeed.batchesAhead * 2 * speed.viewBytes * batch)
    let measured = plan.circle == nil ? plan.images.measuredImages(plan.evaluation) : [[plan.images.testCount]]
    let features = 2 * 4 * plan.model.encoder.features * (measured.map { $0.reduce(0, +) }.max() ?? 0)
    let step = speed.step.bytes(batch)
    let look = speed.look.bytes(min(PlainBatches.standardSize, measured.joined().max() ?? 0))
    // Training, measuring and the picture come one after the other, and each gives its buffers back; the picture has some
    // tables of all pairs.
    let picture = plan.circle != nil ? 0 : Double(6 * 4 * plan.images.pictured * plan.images.pictured)
    let phases = max(step + Double(checkpoint), look + Double(features), picture, Self.tuning(plan, speed, checkpoint))
    memory = base + speed.resident + kept + aligned + Int(batches + phases)

    let views = speed.secondsPerViewPair * Double(batch)
    let stepSeconds = speed.step.seconds(batch)
    // Views are made on a thread of their own, which takes its share of the processors.
    let pace = max(views, stepSeconds + views / Double(max(2, Threads.count)))
    training = pace * Double(plan.clock.images) / Double(batch) * Double(plan.epochs)
    looking = Double(plan.images.trainingCount) * speed.secondsPerLook
    measuring = speed.measuring(plan)
  }

  /// Bytes of fine-tuning: a network of its own with gradients and momentum, steps of one view, and its state as saved.
  private static func tuning(_ plan: ArmPlan, _ speed: StepSpeed, _ checkpoint: Int) -> Double {
    let steps = (plan.evaluation?.probes ?? []).compactMap { probe in
      probe.tuning.map { speed.step.bytes(($0.batch(of: probe.learning(plan.images).count) + 1) / 2) }
    }
    return steps.max().map { $0 + Double(speed.resident + checkpoint) } ?? 0
  }
}

extension ImagePlan {
  /// Images in the picture at the end.
  var pictured: Int { min(EmbeddingMap.largest, hasTest ? testCount : trainingCount) }

  /// Numbers of images whose representations are held at once: source by source, for each data set that is measured on, and
  /// the picture's.
  func measuredImages(_ evaluation: EvaluationPlan?) -> [[Int]] {
    let probed = (evaluation?.probes ?? []).firstByImages.map { [$0.learning(self).count, $0.testing(self).count] }
    return probed + [[pictured]]
  }
}
