import Evaluation
import Kernels
import NeuralNet
import RecipeLanguage

/// Records of recipes as settings of the library; they are checked, so nothing here fails.
enum ModelWords {
  static func configuration(_ backbone: RecordValue, channels: Int) -> ResNet.Configuration {
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
    return configuration
  }

  static func convolution(_ encoder: RecordValue) -> ConvolutionChoice {
    ConvolutionChoice(
      precision: encoder.member("precision") == "exact" ? .exact : .fast,
      algorithm: encoder["convolution"]?.memberName.flatMap { Convolution.Algorithm(rawValue: $0) })
  }
}

enum EvaluationWords {
  static func rule(_ probe: RecordValue) -> GroupAccuracy.Rule {
    probe.member("groups") == "counts" ? .absolute : .thirds
  }

  static func probe(_ probe: RecordValue, seed: UInt64) -> EvaluationPlan.Probe {
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
