import RecipeLanguage
import Training

extension PlanText {
  /// A plan of one arm for programs.
  var json: JSONValue {
    .object(
      [JSONValue.Field("name", .string(arm.name)), JSONValue.Field("doc", .string(arm.recipe.doc))]
        + [
          JSONValue.Field("base", arm.recipe.base.map { .string($0) } ?? .null),
          JSONValue.Field("identity", .string(arm.identity)),
        ] + Self.fields(images) + Self.fields(training) + Self.fields(model) + Self.fields(costs)
        + Self.fields(resolved))
  }

  private static func fields(_ pairs: KeyValuePairs<String, JSONValue>) -> [JSONValue.Field] {
    pairs.map { JSONValue.Field($0.key, $0.value) }
  }

  private static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  private var images: KeyValuePairs<String, JSONValue> {
    let images = arm.images
    let counts: JSONValue = images.classCounts.map { .integers($0) } ?? .null
    let names: JSONValue = images.classNames.map { .strings($0) } ?? .null
    let imbalance: JSONValue = images.classCounts.flatMap { ClassCountsText.imbalance($0) }.map { .number($0) } ?? .null
    return [
      "training_images": .int(images.trainingCount), "test_images": .int(images.testCount),
      "stand_in_for": Self.optional(images.selected.standInFor), "remarks": arm.remarks.json, "class_counts": counts, "class_names": names,
      "imbalance": imbalance, "channels": .int(images.channels), "view_size": images.viewSize.map { .int($0) } ?? .null,
    ]
  }

  private var training: KeyValuePairs<String, JSONValue> {
    let timed = arm.divide?.base ?? arm
    let starts: JSONValue = arm.method.harmonization.map { .int($0.starts) } ?? .null
    let rates = (0..<timed.epochs).map { timed.optimizer.rate.value(at: Double($0 + 1)) }
    return [
      "batch": .int(arm.clock.batch), "steps_per_epoch": .int(arm.clock.stepsPerEpoch), "epochs": .int(arm.epochs),
      "steps": .int(arm.steps), "dropped_images": .int(arm.clock.dropped), "harmonization_starts": starts, "schedules": .array(arm.schedules.map(\.json)),
      "rates": .numbers(rates),
      "stages": .array(
        cost.stages.map { stage, seconds in
          .object([
            "name": .string(stage.name), "epochs": .int(stage.plan.epochs), "images": .int(stage.plan.clock.images),
            "steps": .int(stage.plan.steps), "training_seconds": .number(seconds),
          ])
        }),
    ]
  }

  private var model: KeyValuePairs<String, JSONValue> {
    [
      "parameters": .int(cost.parameters), "representation": .int(arm.model.encoder.features),
      "embedding": .int(arm.model.projection), "precision": .string(arm.convolution.precision.rawValue),
      "convolution": Self.optional(arm.convolution.algorithm?.rawValue),
      "convolutions": ConvolutionTable(cost.convolutions, arm.convolution).json,
    ]
  }

  private var costs: KeyValuePairs<String, JSONValue> {
    [
      "memory_bytes": .int(cost.memory), "disk_bytes": .int(cost.disk), "checkpoint_bytes": .int(cost.checkpoint),
      "seconds": .number(cost.seconds), "training_seconds": .number(cost.training),
      "measuring_seconds": .number(cost.measuring), "estimated": .bool(cost.isEstimated),
    ]
  }

  private var resolved: KeyValuePairs<String, JSONValue> {
    let fields = arm.recipe.leaves.map { leaf in
      JSONValue.object([
        "path": .string(leaf.path), "value": .string(leaf.text), "from": leaf.provenance.json,
      ])
    }
    return ["fields": .array(fields), "recipe": .string(arm.recipe.canonicalText)]
  }
}

extension Provenance {
  /// Its kind; the place, where there is one; the recipe or axis, where one set it.
  var json: JSONValue {
    var value: JSONValue = .object(["kind": .string(kind)])
    if let span {
      value = value.adding(["file": .string(span.file.name), "line": .int(span.line), "column": .int(span.column)])
    }
    switch self {
    case .inherited(let recipe, _): return value.adding(["recipe": .string(recipe)])
    case .axis(let axis, _): return value.adding(["axis": .string(axis)])
    default: return value
    }
  }
}
