import NeuralNet
import RecipeLanguage

/// Points and pictures have views, networks and methods of their own; what is of the other kind is refused here.
extension ArmPlanner {
  /// False, and reported, where the views are of the other kind.
  mutating func checkViews(_ images: ImagePlan, _ data: RecordValue) -> Bool {
    let hasPoints = images.training.points != nil
    guard hasPoints != images.isPoints else { return true }
    let source = Diagnostic.Label(data.span(of: "source"), hasPoints ? "points" : "pictures")
    if hasPoints {
      report(
        PlanCode.kind, "`.simclr` makes views of pictures, and these are points", at: data.span(of: "augment"),
        secondary: [source], help: "write `.noise(deviation: 0.15)`")
    } else {
      report(
        PlanCode.kind, "`.noise` makes views of points, and these are pictures", at: data.span(of: "augment"),
        secondary: [source], help: "write `.simclr(size: 32)`")
    }
    return false
  }

  /// False, and reported, where the network is of the other kind.
  mutating func checkBackbone(_ backbone: RecordValue, _ images: ImagePlan) -> Bool {
    let takesPoints = backbone.type == "perceptron"
    guard takesPoints != images.isPoints else { return true }
    let source = Diagnostic.Label(record.record("data").span(of: "source"), images.isPoints ? "points" : "pictures")
    report(
      PlanCode.kind,
      "`\(backbone.type)` takes \(takesPoints ? "points, and these are pictures" : "pictures, and these are points")",
      at: backbone.span, secondary: [source],
      help: takesPoints ? "write `resnet18()`" : "write `perceptron(hidden: [64, 64], output: 2)`")
    return false
  }

  /// What a method does to pictures or to convolutions cannot be done to points.
  mutating func checkKind(_ method: MethodPlan?, _ images: ImagePlan) {
    guard images.isPoints, let method else { return }
    let span = record.span(of: "method")
    if method.boost != nil {
      report(
        PlanCode.kind, "`bcl` disturbs pictures, and these are points", at: span,
        help: "use the method inside, such as `simclr()`")
    }
    if method.pruning != nil {
      report(
        PlanCode.kind, "`sdclr` prunes convolutions, and a network for points has none", at: span,
        help: "use the method inside, such as `simclr()`")
    }
  }

  /// Bins of `circle_shares`; nil for another measurement, or none.
  mutating func circle(_ images: ImagePlan) -> Int? {
    guard let measure = record["evaluate"]?.recordValue, measure.type == "circle_shares" else { return nil }
    guard images.hasTest else {
      report(
        PlanCode.labels, "`circle_shares` needs labelled test images, and there are none", at: measure.span,
        help: "leave `evaluate` out, or use a source with labels")
      return nil
    }
    let width = embeddingWidth
    if width != 2 {
      report(
        PlanCode.circle, "embeddings have \(width) numbers; they lie on a circle only when they have 2",
        at: measure.span, secondary: [.init(record.record("model").span(of: "projector"), "the projector")],
        help: "write `mlp(output: 2)`, or measure by `linear_probe()`")
    }
    return measure.int("bins")
  }

  /// Numbers of an embedding.
  var embeddingWidth: Int {
    let model = record.record("model")
    return model.record("projector")["output"]?.intValue
      ?? ModelWords.configuration(model.record("backbone"), channels: 1).features
  }
}
