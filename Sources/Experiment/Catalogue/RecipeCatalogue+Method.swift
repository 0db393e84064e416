import RecipeLanguage

extension RecipeCatalogue {
  static func addMethodWords(to catalogue: inout Catalogue) {
    catalogue.add(boostVariants)
    catalogue.add(stageStarts)
    catalogue.add(KindDefinition("Method", doc: "What is minimised."))
    catalogue.add(KindDefinition("Harmonization", doc: "A term added to a method by `+`."))
    catalogue.add(KindDefinition("Structure", doc: "Fixed unit vectors that classes are drawn to."))
    catalogue.add(
      EnumDefinition(
        "Alignment", doc: "Where the vectors of a structure stand.",
        members: [
          .init("none", aliases: ["off", "fixed"], doc: "Where they were made, at random, as published."),
          .init(
            "centres", aliases: ["centers", "kmeans", "clusters"],
            doc: "Turned once, as a whole, as near as can be to the k-means centres of the images' embeddings (running means "
              + "over the warm-up); takes 4 bytes an image and dimension until then."),
        ]))
    catalogue.add(KindDefinition("Prior", doc: "The share of the images each vector of the structure may take."))
    for definition in [simclr, focal, simsiam, sdclr, bcl, rwsam, dnc, harmonized] + structures + [sinkhorn] + priors + [gh] {
      catalogue.add(definition)
    }
    catalogue.add(
      OperatorDefinition(
        "+", .record("Method"), .record("Harmonization"), result: .record("Method"),
        doc: "Adds GH's loss to a method's.",
        .record(constructor: "harmonized", left: "method", right: "gh")))
  }

  private static let temperature = FieldDefinition(
    "temperature", .schedulable(.float), default: .value(.float(0.2)), range: .between(0.001, 100),
    aliases: ["tau", "t"],
    doc: "Divides the cosines; smaller looks at hard negatives more. A schedule is read at the beginning of each epoch.")

  private static let simclr = RecordDefinition(
    "simclr", kind: "Method", doc: "The contrastive loss NT-Xent over the images of a batch.", fields: [temperature])

  private static let focal = RecordDefinition(
    "focal", kind: "Method", doc: "NT-Xent with the factor (1 − p)^gamma on each term: easy pairs count less.",
    fields: [
      temperature,
      FieldDefinition(
        "gamma", .float, default: .value(.float(2)), range: .between(0, 10), doc: "The exponent; 0 is `simclr`."),
    ])

  private static let simsiam = RecordDefinition(
    "simsiam", kind: "Method",
    doc: "SimSiam (Chen and He, 2021): each view's embedding, through a predictor, is to point where the other view's does. "
      + "There is nothing to tell images apart, so it has no temperature and works with small batches.",
    fields: [
      FieldDefinition(
        "hidden", .optional(.int), range: .between(1, 65_536), aliases: ["pred_dim", "predictor"],
        doc: "Width of the predictor's hidden layer; a quarter of the embedding's if left out.")
    ])

  private static let harmonized = RecordDefinition(
    "harmonized", kind: "Method", doc: "What `method + gh(…)` makes.",
    fields: [
      FieldDefinition("method", .record("Method"), doc: "The contrastive part."),
      FieldDefinition("gh", .record("Harmonization"), doc: "The term added."),
    ],
    rules: [
      RecordRule("gh is added once") { record in
        guard record["method"]?.recordValue?.type == "harmonized" else { return nil }
        return .init(field: "gh", "`gh` is added to a method that has it already", help: "keep one `+ gh(…)`")
      }
    ])

  private static let structureFields = [
    FieldDefinition(
      "classes", .int, range: .between(2, 65_536), aliases: ["k", "K", "num_classes", "vertices"],
      doc: "Number of vectors; of the order of the classes expected, none of which is known."),
    FieldDefinition(
      "dimension", .int, range: .between(1, 65_536), aliases: ["d", "dim", "feat_dim"],
      doc: "Their dimension: the projector's output."),
    FieldDefinition(
      "seed", .optional(.int), range: .atLeast(0), doc: "Seeds the rotation; the recipe's seed if left out."),
  ]

  private static let structures = [
    RecordDefinition(
      "simplex", kind: "Structure", doc: "The exact simplex: every two vectors have the cosine −1/(classes − 1).",
      fields: structureFields,
      rules: [
        RecordRule("classes ≤ dimension + 1") { record in
          guard let classes = record["classes"]?.intValue, let dimension = record["dimension"]?.intValue,
            classes > dimension + 1
          else { return nil }
          return .init(
            field: "classes", "\(classes) vectors of equal angles do not fit in dimension \(dimension)",
            help: "at most \(dimension + 1) do: write `dimension: \(classes - 1)` and the same projector output, or "
              + "fewer classes, or `spread(classes: \(classes), dimension: \(dimension))`, which is as even as can be")
        }
      ]),
    RecordDefinition(
      "spread", kind: "Structure",
      doc: "As even as can be for classes > dimension + 1: unit vectors whose largest cosine is minimised.",
      fields: structureFields),
  ]

  private static let sinkhorn = RecordDefinition(
    "sinkhorn", doc: "How surrogate labels are allotted: Sinkhorn's iteration on exp(score / lambda).",
    fields: [
      FieldDefinition(
        "lambda", .float, default: .value(.float(0.05)), range: .above(0, to: 1000),
        aliases: ["epsilon", "eps", "reg"],
        doc: "Entropic regularisation; smaller gives harder labels.", constraint: singlePrecision),
      FieldDefinition(
        "iterations", .int, default: 300, range: .between(1, 100_000), aliases: ["steps", "iters"],
        doc: "At most these."),
      FieldDefinition(
        "tolerance", .optional(.float), range: .above(0, to: 1),
        doc: "Stops earlier once the shares are met this closely; always all iterations if left out."),
      FieldDefinition(
        "require_convergence", .bool, default: false, aliases: ["must_converge", "strict"],
        doc: "Whether training stops at a step whose shares are not met within `tolerance` (0.001 if left out)."),
    ])

  private static let scoreMomentum = FieldDefinition(
    "momentum", .schedulable(.float), default: .value(.float(0.9)), range: .from(0, below: 1), aliases: ["decay"],
    doc: "Share of the old score that is kept at each visit of an image; at its first visit the score is taken.")
  private static let refresh = FieldDefinition(
    "refresh", .quantity(.training), default: .source("20ep"), range: .above(0), aliases: ["every", "interval"],
    doc: "Whole epochs between two estimates; the first is made when GH starts.")
  private static let floor = FieldDefinition(
    "floor", .oneOf([.float, .quantity(.percent)]), default: .value(.float(0)), range: .atLeast(0),
    aliases: ["smoothing"],
    doc: "Added to every vector's count, so that none is lost for good: a number of images (the authors' ImageNet code has "
      + "100), or a share of them, such as `1%`.")

  private static let priors = [
    RecordDefinition(
      "momentum_prior", kind: "Prior",
      doc: "Estimated: how often each vector scores highest, by running means of each image's scores.",
      fields: [scoreMomentum, refresh, floor]),
    RecordDefinition(
      "soft_prior", kind: "Prior",
      doc: "Estimated like `momentum_prior`, but each image is shared among the vectors by softmax(score / temperature) "
        + "instead of counting for the best one alone: no vector is ever empty.",
      fields: [
        FieldDefinition(
          "temperature", .float, default: .value(.float(0.05)), range: .between(0.001, 100), aliases: ["tau", "lambda"],
          doc: "Smaller is closer to `momentum_prior`, larger to equal shares; 0.05 is Sinkhorn's `lambda`."),
        scoreMomentum, refresh, floor,
      ]),
    RecordDefinition(
      "true_prior", kind: "Prior",
      doc: "The true class shares, the largest for the vector that wins most images by running means of scores. It needs "
        + "labels, which training must not know: only to compare with.",
      fields: [scoreMomentum, refresh]),
    RecordDefinition("uniform_prior", kind: "Prior", doc: "The same share for every vector.", fields: []),
  ]

  private static let gh = RecordDefinition(
    "gh", kind: "Harmonization",
    doc: "Geometric Harmonization (Zhou et al., NeurIPS 2023): each view predicts the surrogate label of the other.",
    fields: [
      FieldDefinition("structure", .record("Structure"), aliases: ["target", "simplex"], doc: "The fixed vectors."),
      FieldDefinition(
        "starts", .quantity(.training), default: .source("0ep"), range: .atLeast(0), aliases: ["warm_up", "warmup"],
        doc: "When the term begins; a whole number of epochs. Before that the prior is estimated already."),
      FieldDefinition(
        "weight", .schedulable(.float), default: .value(.float(1)), range: .between(0, 1000), aliases: ["w_gh"],
        ownTime: true, doc: "Weight of the term; a schedule counts from `starts`, and its last value lasts."),
      FieldDefinition(
        "prior", .record("Prior"), default: .source("momentum_prior()"), aliases: ["marginal", "pi"],
        doc: "The share of each vector."),
      FieldDefinition(
        "align", .enumeration("Alignment"), default: .source(".none"), aliases: ["alignment", "rotate"],
        doc: "Whether the vectors are turned to the embeddings when the term begins."),
      FieldDefinition(
        "sinkhorn", .record("sinkhorn"), default: .source("sinkhorn()"), doc: "How surrogate labels are allotted."),
      FieldDefinition(
        "temperature", .float, default: .value(.float(0.1)), range: .between(0.01, 10), aliases: ["gamma", "tau"],
        doc: "Of the prediction's softmax."),
    ])
}
