import Evaluation
import Experiment
import Foundation

/// Made-up runs of any size, to draw and to test with.
enum SampleReport {
  /// Without randomness: a smooth wobble in −1…1.
  static func wobble(_ x: Double) -> Double { sin(x * 12.9898) * cos(x * 4.1414 + 1) }

  static func report(classes: Int, arms: [String] = ["simclr", "simclr + gh"], steps: Int = 900) -> Report {
    let counts = (0..<classes).map { Int(500 * pow(0.01, Double($0 * 7 % classes) / Double(max(1, classes - 1)))) }
    let groups = try? GroupAccuracy.groups(classCounts: counts, rule: .thirds)
    return Report(
      title: "quickstart", subtitle: "SimCLR against SimCLR with Geometric Harmonization on long-tailed images.",
      arms: arms.enumerated().map { arm(counts, $1, shift: Double($0), steps: steps) },
      settings: [.init("data", "fashion_mnist, imbalance 100, 600 a class"), .init("encoder", "resnet(width: 16)")],
      classCounts: counts,
      classNames: classes <= 10 ? Array(["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
        "Sneaker", "Bag", "Ankle boot"].prefix(classes)) : nil,
      groups: groups, notes: ["Harmonia 0.1 · seed 0 · a <note> & more"])
  }

  private static func arm(_ counts: [Int], _ name: String, shift: Double, steps: Int) -> Report.Arm {
    let perClass = counts.indices.map { c in
      min(99, max(3, 42 + 7 * log(Double(counts[c])) * (1 - 0.2 * shift) + 9 * wobble(Double(c)) + 4 * shift))
    }
    let scores = try? GroupAccuracy(classCounts: counts, classAccuracy: perClass)
    let loss = (0..<steps).map { step in
      let epoch = Double(step) / 45
      let level = 3.2 + 2.6 * exp(-epoch / 4) + shift * (epoch > 8 ? 1 : 0)
      return Report.Point(epoch, level + 0.05 * wobble(Double(step)))
    }
    let priors = [0.5, 1].map { skew -> Report.Prior in
      let shares = (0..<100).map { exp(-4 * skew * Double($0) / 100 + 0.3 * wobble(Double($0))) }
      return Report.Prior(epoch: 10 * skew, shares: shares)
    }
    let points = (0..<counts.count * 40).map { p -> (Double, Double) in
      let angle = Double(p % counts.count) * 2 * .pi / Double(counts.count)
      return (5 * cos(angle) + 1.2 * wobble(Double(p)), 5 * sin(angle) + 1.2 * wobble(Double(p) * 1.7 + shift))
    }
    return Report.Arm(
      name: name, loss: loss,
      curves: [
        .init("contrastive", loss.map { .init($0.epoch, $0.value - 1) }),
        .init("rate", loss.map { .init($0.epoch, 0.5 * cos($0.epoch / 14)) }),
        .init("probe average, %", (1...4).map { .init(Double($0) * 5, 40 + 5 * Double($0) + shift) }),
      ],
      scores: scores.map {
        .init(
          top1: $0.average, many: $0.many, medium: $0.medium, few: $0.few, std: $0.std, average: $0.average,
          perClass: perClass, neighbours: 61 + shift)
      }, priors: shift > 0 ? priors : [],
      map: .init(
        caption: "t-SNE of \(points.count) test images", x: points.map(\.0), y: points.map(\.1),
        labels: points.indices.map { $0 % counts.count }),
      settings: [.init("method", name)], seconds: 83 + shift)
  }
}
