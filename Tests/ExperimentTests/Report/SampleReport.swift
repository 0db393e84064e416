import Evaluation
import Experiment
import Foundation

/// Made-up runs of any number, to draw and to test with.
enum SampleReport {
  /// Without randomness: a smooth wobble in −1…1.
  static func wobble(_ x: Double) -> Double { sin(x * 12.9898) * cos(x * 4.1414 + 1) }

  /// Recipes side by side.
  static func report(classes: Int, arms: [String] = ["simclr", "simclr + gh"], steps: Int = 900) -> Report {
    let counts = classCounts(classes, imbalance: 100)
    let names = classes <= 10 ? Array(
      ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"].prefix(classes)) : nil
    return Report(
      title: "quickstart", subtitle: "SimCLR against SimCLR with Geometric Harmonization on long-tailed images.",
      blocks: [
        Report.Block(
          recipes: arms.enumerated().map { arm(counts, names, $1, shift: Double($0), steps: steps) },
          settings: [.init("data", "fashion_mnist, imbalance 100, 600 a class"), .init("encoder", "resnet(width: 16)")])
      ], notes: ["Harmonia 0.1 · seed 0 · a <note> & more"])
  }

  static func classCounts(_ classes: Int, imbalance: Double) -> [Int] {
    (0..<classes).map { Int(500 * pow(1 / imbalance, Double($0 * 7 % classes) / Double(max(1, classes - 1)))) }
  }

  /// A sweep of every combination. The value of `imbalance`, where there is such an axis, gives the class counts.
  static func sweep(
    _ axes: [Report.Axis], name: String = "table", doc: String = "Methods by tail", classes: Int = 10, className: String? = nil,
    steps: Int = 40, maps: Bool = true, state: (Int) -> Report.State = { _ in .done }
  ) -> Report.Block {
    var combinations: [[Int]] = [[]]
    for axis in axes { combinations = combinations.flatMap { head in axis.values.indices.map { head + [$0] } } }
    let arms = combinations.enumerated().map { number, values -> Report.Arm in
      let named = zip(axes, values).map { "\($0.name): \($0.values[$1])" }.joined(separator: ", ")
      let imbalance = zip(axes, values).first { $0.0.name.hasSuffix("imbalance") }.flatMap { Double($0.0.values[$0.1]) } ?? 100
      let shift = zip(axes, values).reduce(0.0) { $0 + ($1.0.name.hasSuffix("seed") ? 0.25 : 1) * wobble(Double($1.1 + $1.0.name.count)) }
      let names = className.map { name in (0..<classes).map { "\(name) \($0)" } }
      var arm = arm(classCounts(classes, imbalance: imbalance), names, "\(name)[\(named)]", shift: 1 + shift, steps: steps)
      arm.values = values
      arm.state = state(number)
      arm.settings = zip(axes, values).map { .init($0.name, $0.values[$1]) }
      arm.place = "\(name)/cell-\(number)"
      if arm.state != .done { (arm.result, arm.map, arm.priors) = (nil, nil, []) }
      if !maps { arm.map = nil }
      return arm
    }
    return Report.Block(name: name, doc: doc, axes: axes, arms: arms, settings: [.init("data", "blobs"), .init("length", "40ep")])
  }

  static func seeds(_ count: Int) -> Report.Axis { .init("seed", (0..<count).map(String.init)) }
  static func imbalances(_ count: Int) -> Report.Axis {
    .init("data.source.imbalance", (0..<count).map { "\(pow(4.0, Double($0)))" })
  }
  static let forms = Report.Axis("form", [".plain", ".published", ".aligned_soft"])

  /// 6, 48, 360 and 1,000 runs.
  static func block(of runs: Int) -> Report.Block {
    switch runs {
    case 6: sweep([.init("harmonize", ["false", "true"]), seeds(3)])
    case 48: sweep([imbalances(4), forms, seeds(4)], classes: 4)
    case 360:
      sweep([
        imbalances(4), .init("kind", [".simclr", ".focal", ".rwsam", ".sdclr", ".dnc", ".bcl"]),
        .init("optimizer", ["sgd(lr: 0.05, momentum: 0.9)", "sgd(lr: 0.1, momentum: 0.9)", "sgd(lr: 0.2, momentum: 0.9)"]), seeds(5),
      ])
    default:
      sweep([
        imbalances(10), .init("method.temperature", (1...10).map { "0.\($0)" }), .init("optimizer.lr", (1...10).map { "0.0\($0)" }),
      ], steps: 200)
    }
  }

  private static func arm(_ counts: [Int], _ names: [String]?, _ name: String, shift: Double, steps: Int) -> Report.Arm {
    let perClass = counts.indices.map { c in
      min(99, max(3, 42 + 7 * log(Double(counts[c])) * (1 - 0.2 * shift) + 9 * wobble(Double(c)) + 4 * shift))
    }
    let scores = try? GroupAccuracy(classCounts: counts, classAccuracy: perClass)
    let loss = (0..<steps).map { step in
      let epoch = Double(step) / 45
      let level = 3.2 + 2.6 * exp(-epoch / 4) + shift * (epoch > 8 ? 1 : 0.1 * epoch)
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
    var result = ArmResult(
      name: name, identity: "", epochs: 20, steps: steps, finalLoss: loss.last?.value ?? .nan, classCounts: counts, classNames: names)
    result.scores = scores.map {
      .init(
        top1: $0.average, many: $0.many, medium: $0.medium, few: $0.few, std: $0.std, average: $0.average,
        perClass: perClass, neighbours: 61 + shift)
    }
    return Report.Arm(
      name: name, result: result, groups: scores?.groups, loss: loss,
      curves: [
        .init("contrastive", loss.map { .init($0.epoch, $0.value - 1) }),
        .init("rate", loss.map { .init($0.epoch, 0.5 * cos($0.epoch / 14)) }),
        .init("probe average, %", (1...4).map { .init(Double($0) * 5, 40 + 5 * Double($0) + shift) }),
      ], priors: shift > 0 ? priors : [],
      map: .init(
        caption: "t-SNE of \(points.count) test images", x: points.map(\.0), y: points.map(\.1),
        labels: points.indices.map { $0 % counts.count }),
      settings: [.init("method", name)], seconds: 83 + shift)
  }
}
