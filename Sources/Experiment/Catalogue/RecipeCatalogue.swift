import RecipeLanguage

/// The words of recipes: what a recipe may say, with types, defaults, ranges and documentation.
/// Nothing here computes; the planner and the runner give the words their meaning.
public enum RecipeCatalogue {
  /// All words. The reference pages, the checker and `--help` derive from it.
  public static let shared: Catalogue = {
    var catalogue = Catalogue(recipe: recipe, lengthField: "length")
    addDataWords(to: &catalogue)
    addModelWords(to: &catalogue)
    addMethodWords(to: &catalogue)
    addTrainingWords(to: &catalogue)
    addKernelFunctions(to: &catalogue)
    addResultFunctions(to: &catalogue)
    for code in PlanCode.all { catalogue.add(code) }
    return catalogue
  }()

  /// For divisors: what is above 0 has to be so in single precision as well, in which kernels compute.
  static let singlePrecision: @Sendable (Value) -> String? = { value in
    guard let number = value.doubleValue, number > 0, Float(number) < .leastNormalMagnitude else { return nil }
    return "is \(number), too small for single precision; 1e-37 is not"
  }

  /// For lists of probes.
  static let noEmptyList: @Sendable (Value) -> String? = { value in
    value.listValue?.isEmpty == true ? "is empty; write `none` to measure nothing" : nil
  }

  /// The body of a recipe.
  static let recipe = RecordDefinition(
    "Recipe", doc: "One training run: images, model, method, optimiser, and what is done on the way.",
    fields: [
      FieldDefinition(
        "seed", .int, default: 0, range: .atLeast(0),
        doc: "Seeds weights, order, views and the structure; the same seed gives the same run, bit for bit."),
      FieldDefinition(
        "length", .quantity(.training), range: .above(0), aliases: ["epochs", "duration", "steps", "max_epochs"],
        doc: "How long to train, in whole epochs: `100ep`, or the steps or images of some, such as `20000step` or `5000000img`."),
      FieldDefinition("data", .record("Data"), aliases: ["dataset", "input"], doc: "The images and their two views."),
      FieldDefinition(
        "model", .record("Model"), aliases: ["network", "net", "encoder"], doc: "The encoder and its projector."),
      FieldDefinition(
        "method", .record("Method"), aliases: ["loss", "objective"],
        doc: "What is minimised: `simclr()`, `focal()` or another, and each `+ gh(…)`."),
      FieldDefinition("optimizer", .record("Optimizer"), aliases: ["optimiser", "optim"], doc: "How weights move."),
      FieldDefinition(
        "evaluate",
        .optional(.oneOf([.record("every"), .record("Probe"), .list(.record("Probe")), .record("Measure")])),
        aliases: ["evaluation", "probe", "eval"],
        doc: "How the representation is measured: a probe at the end, several as `[linear_probe(), linear_probe(shots: 100)]` "
          + "(the first gives the main scores), `every(20ep, probe)`, or `circle_shares()`; needs labels.",
        constraint: noEmptyList),
      FieldDefinition(
        "checkpoint", .optional(.record("every")), aliases: ["checkpoints", "save", "snapshot"],
        doc: "How often a snapshot is kept. The last state is always saved: every minute, at the end, on a signal."),
      FieldDefinition(
        "base", .bool, default: false, aliases: ["abstract", "template"],
        doc: "`base = true`: only there for others to derive from; `run` leaves it out. Not inherited."),
    ])
}

extension ResolvedRecipe {
  /// Whether the recipe itself says `base = true` (what its own base says does not count).
  public var isBase: Bool {
    guard let field = record.field("base"), field.value.boolValue == true else { return false }
    if case .inherited = field.provenance { return false }
    return true
  }
}
