import Evaluation
import Kernels
import NeuralNet
import RecipeLanguage

/// Records of recipes as settings of the library; they are checked, so nothing here fails.
enum ModelWords {
  static func configuration(_ backbone: RecordValue, channels: Int) -> BackboneConfiguration {
    if backbone.type == "perceptron" {
      return .perceptron(
        Perceptron.Configuration(
          inputs: channels, hidden: backbone.list("hidden").compactMap(\.intValue), outputs: backbone.int("output")))
    }
    let stem: ResNet.Configuration.Stem = backbone.member("stem") == "imagenet" ? .imagenet : .cifar
    var configuration: ResNet.Configuration =
      switch backbone.type {
      case "resnet34": .resnet34(stem: stem)
      case "resnet50": .resnet50(stem: stem)
      case "resnet":
        ResNet.Configuration(
          stem: stem, block: backbone.member("block") == "bottleneck" ? .bottleneck : .basic,
          blocks: backbone.list("blocks").compactMap(\.intValue))
      default: .resnet18(stem: stem)
      }
    configuration.width = backbone.int("width")
    configuration.inputChannels = channels
    return .residual(configuration)
  }

  static func convolution(_ encoder: RecordValue) -> ConvolutionChoice {
    ConvolutionChoice(
      precision: encoder.member("precision") == "exact" ? .exact : .fast,
      algorithm: encoder["convolution"]?.memberName.flatMap { Convolution.Algorithm(rawValue: $0) })
  }
}

enum OptimizerWords {
  static func rule(_ words: RecordValue) -> OptimizerPlan.Rule {
    guard words.type == "adam" else { return .sgd(momentum: words.float("momentum")) }
    return .adam(
      beta1: words.float("beta1"), beta2: words.float("beta2"), epsilon: words.float("epsilon"))
  }
}

enum EvaluationWords {
  /// The probes of `evaluate`, of `every` or of a list.
  static func probes(_ value: Value?) -> [RecordValue] {
    guard let value else { return [] }
    if let record = value.recordValue, record.type == "every" { return probes(record["probe"]) }
    return value.recordValue.map { [$0] } ?? value.listValue?.compactMap(\.recordValue) ?? []
  }

  /// Short names, each of its own: the word, its data set where it is another, and its shots.
  static func names(_ probes: [RecordValue]) -> [String] {
    var taken: [String: Int] = [:]
    return probes.map { probe in
      let name = ([probe.type] + [probe["source"]?.recordValue.map(dataSet), probe["shots"]?.intValue.map { "\($0)shot" },
        probe["from"]?.memberName == "scratch" ? "scratch" : nil]
        .compactMap { $0 }).joined(separator: "_")
      taken[name, default: 0] += 1
      return taken[name] == 1 ? name : "\(name)_\(taken[name] ?? 1)"
    }
  }

  /// The word that opens files, below `long_tail` and `limit`.
  private static func dataSet(_ source: RecordValue) -> String {
    source["source"]?.recordValue.map(dataSet) ?? source.type
  }

  static func rule(_ probe: RecordValue) -> GroupAccuracy.Rule {
    probe.member("groups") == "counts" ? .absolute : .thirds
  }

  static func probe(_ probe: RecordValue, seed: UInt64) -> ProbePlan.Probe {
    if probe.type == "fine_tuning" {
      return .tuned(
        TuningPlan(
          epochs: probe.int("epochs"), batch: probe.int("batch"), rate: probe.float("lr"), momentum: probe.float("momentum"),
          nesterov: probe.bool("nesterov"), weightDecay: probe.float("weight_decay"), tau: probe.float("tau"),
          isFromScratch: probe.member("from") == "scratch", minimumArea: probe.float("min_area")))
    }
    guard probe.type == "linear_probe" else {
      return .nearest(
        NearestNeighbours.Options(neighbours: probe.int("k"), temperature: probe.float("temperature")))
    }
    return .linear(
      LinearProbe.Options(
        epochs: probe.int("epochs"), batch: probe.int("batch"), rate: probe.float("lr"),
        finalRate: probe.float("final_lr"), weightDecay: probe.float("weight_decay"), seed: seed),
      neighbours: probe["neighbours"]?.intValue)
  }
}
