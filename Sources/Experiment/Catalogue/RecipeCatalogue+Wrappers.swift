import RecipeLanguage

// Methods that are built on others.
extension RecipeCatalogue {
  static let sdclr = RecordDefinition(
    "sdclr", kind: "Method",
    doc: "SDCLR (Jiang et al., 2021): the second view goes through a copy of the network without its smallest weights, "
      + "with batch norms of its own.",
    fields: [
      FieldDefinition(
        "method", .record("Method"), default: .source("simclr()"), positional: true, aliases: ["loss"],
        doc: "The contrastive loss between the two."),
      FieldDefinition(
        "prune", .schedulable(.float), default: .value(.float(0.9)), range: .from(0, below: 1),
        aliases: ["prune_percent", "prune_fraction", "sparsity"],
        doc: "Share of the weights of all convolutions together that is left out, chosen anew at the beginning of each "
          + "epoch."),
      FieldDefinition(
        "random_prune", .float, default: .value(.float(0)), range: .from(0, below: 1), aliases: ["random"],
        doc: "Share of the others that is left out at random."),
    ],
    rules: [
      RecordRule("sdclr is built on a contrastive loss") { record in
        guard let inner = record["method"]?.recordValue, ["simsiam", "sdclr", "bcl", "rwsam", "dnc", "harmonized"].contains(inner.type)
        else { return nil }
        return .init(
          field: "method", "`sdclr` is built on a contrastive loss, and this is `\(inner.type)`",
          help: "write `sdclr(simclr(…))` or `sdclr(focal(…))`, with `bcl(…)` or `rwsam(…)` around it and `+ gh(…)` behind it")
      }
    ])

  static let boostVariants = EnumDefinition(
    "BoostVariant", doc: "How BCL disturbs the views of hard images.",
    members: [
      .init(
        "identity", aliases: ["bcl_i", "i"], doc: "The authors' BCL-I: one operation, at a strength of 10 + 20 · weight."),
      .init(
        "damaging", aliases: ["bcl_d", "d"],
        doc: "The authors' BCL-D: two operations, at a strength of 5 + 25 · weight · a random number in 0…1."),
    ])

  private static let strength = ValueRange.between(0, 30)
  static let bcl = RecordDefinition(
    "bcl", kind: "Method",
    doc: "BCL (Zhou et al., 2022): images whose running loss is above the average get views that are harder to match, by "
      + "RandAugment. The first epoch's views are plain. The authors resize crops with `interpolation: .bicubic`.",
    fields: [
      FieldDefinition(
        "method", .record("Method"), default: .source("simclr()"), positional: true, aliases: ["loss"],
        doc: "What is minimised; its contrastive loss is what is remembered."),
      FieldDefinition(
        "momentum", .float, default: .value(.float(0.97)), range: .from(0, below: 1),
        aliases: ["momentum_loss_beta", "beta", "decay"], doc: "Share of an image's old loss kept at each visit."),
      FieldDefinition(
        "variant", .optional(.enumeration("BoostVariant")),
        doc: "Where the next fields have their defaults from; `.damaging` on `sdclr`, else `.identity`, if left out."),
      FieldDefinition(
        "operations", .optional(.int), range: .between(1, 15), aliases: ["k", "rand_k", "n"],
        doc: "Operations drawn for a view, each done with a probability of the image's weight."),
      FieldDefinition(
        "min_strength", .optional(.float), range: strength,
        doc: "Strength for a weight of 0, in thirtieths of each operation's range; 10 or 5 if left out."),
      FieldDefinition(
        "max_strength", .float, default: .value(.float(30)), range: strength, aliases: ["strength", "rand_strength"],
        doc: "Strength for a weight of 1."),
    ],
    rules: [
      RecordRule("bcl is built on a method whose loss is known image by image") { record in
        guard let inner = record["method"]?.recordValue, !["simclr", "focal", "simsiam", "sdclr"].contains(inner.type) else {
          return nil
        }
        let help =
          switch inner.type {
          case "bcl": "keep one `bcl(…)`"
          case "rwsam": "write `rwsam(bcl(…))`: the ascent goes around the memory"
          case "harmonized": "write `bcl(…) + gh(…)`: the loss of `gh` is not known image by image"
          default: "write `bcl(simclr(…))`, `bcl(focal(…))` or `bcl(sdclr(…))`"
          }
        return .init(field: "method", "`bcl` remembers the loss of each image, and this is `\(inner.type)`", help: help)
      },
      RecordRule("min_strength ≤ max_strength") { record in
        guard let least = record["min_strength"]?.doubleValue, let most = record["max_strength"]?.doubleValue,
          least > most
        else { return nil }
        return .init(
          field: "min_strength", "the least strength \(least) is above the greatest, \(most)",
          help: "write a smaller `min_strength` or a larger `max_strength`")
      },
    ])

  static let rwsam = RecordDefinition(
    "rwsam", kind: "Method",
    doc: "rwSAM (Liu et al., 2022): sharpness-aware steps. The gradient is that of the plain loss at weights that lie up the "
      + "slope of the loss with images in sparse regions of the embedding counted more. Each step takes two passes. Of the "
      + "paper, the density's bandwidth and images, and how it goes with SimCLR and GH, are not known: the density here is "
      + "over the unit embeddings of the batch, and `gh` takes part in both passes.",
    fields: [
      FieldDefinition(
        "method", .record("Method"), default: .source("simclr()"), positional: true, aliases: ["loss"],
        doc: "What is minimised; its contrastive loss is what is re-weighted."),
      FieldDefinition(
        "rho", .float, default: .value(.float(0.5)), range: .above(0, to: 1000), aliases: ["radius"],
        doc: "Length of the ascent; the authors' runs have 7 and 2 where it is adaptive.", constraint: singlePrecision),
      FieldDefinition(
        "adaptive", .bool, default: true, aliases: ["asam"],
        doc: "Whether each weight moves in proportion to its square, as in ASAM."),
      FieldDefinition(
        "exponent", .float, default: .value(.float(1)), range: .between(0, 100), aliases: ["alpha"],
        doc: "An image's weight is its density to the power of minus this, scaled to a mean of 1; 0 weighs all alike."),
      FieldDefinition(
        "bandwidth", .optional(.float), range: .above(0, to: 1000), aliases: ["sigma", "h"],
        doc: "Of the Gaussian kernel, between unit embeddings; the median distance within the batch if left out.",
        constraint: singlePrecision),
    ],
    rules: [
      RecordRule("rwsam is built on a method whose loss is known image by image") { record in
        guard let inner = record["method"]?.recordValue, !["simclr", "focal", "simsiam", "sdclr", "bcl"].contains(inner.type) else {
          return nil
        }
        let help =
          switch inner.type {
          case "rwsam": "keep one `rwsam(…)`"
          case "harmonized": "write `rwsam(…) + gh(…)`: `gh` is not re-weighted, and takes part in both passes"
          default: "write `rwsam(simclr(…))`, `rwsam(focal(…))`, `rwsam(sdclr(…))` or `rwsam(bcl(…))`"
          }
        return .init(field: "method", "`rwsam` re-weighs the loss of each image, and this is `\(inner.type)`", help: help)
      }
    ])

  static let stageStarts = EnumDefinition(
    "StageStart", doc: "The weights that a later stage of `dnc` begins with.",
    members: [
      .init("base", doc: "The base model's."),
      .init("random", aliases: ["scratch"], doc: "Random ones of its own, drawn as the base model's were."),
    ])

  static let dnc = RecordDefinition(
    "dnc", kind: "Method",
    doc: "DnC (Tian et al., 2021): a base model on all images; an expert on each k-means cluster of its representations; and "
      + "one network, which is measured, that learns to predict the representations of the base model and of each image's "
      + "expert. Each stage runs the recipe's schedules over its own epochs; `gh` takes part in base model and experts, with "
      + "its times counted in each one's epochs. A cluster smaller than `batch` is one batch, one of a single image has no "
      + "expert. Each stage keeps its last state alone, whatever `checkpoint` says, and `evaluate` measures at the end. GH's "
      + "settings of it are not known: the defaults here are ours.",
    fields: [
      FieldDefinition(
        "method", .record("Method"), default: .source("simclr()"), positional: true, aliases: ["loss"],
        doc: "What base model and experts minimise."),
      FieldDefinition(
        "clusters", .int, default: 5, range: .between(2, 1000), aliases: ["k", "experts_count"],
        doc: "Clusters, and experts; the authors took 5, 10 or more. Of representations of length one, the best of four starts."),
      FieldDefinition(
        "base", .quantity(.percent), default: .source("50%"), range: .above(0, to: 1),
        doc: "The base model's share of `length`."),
      FieldDefinition(
        "experts", .quantity(.percent), default: .source("25%"), range: .above(0, to: 1),
        doc: "The experts' share: each passes so many times over its own images, all together over all."),
      FieldDefinition(
        "distill", .quantity(.percent), default: .source("25%"), range: .above(0, to: 1), aliases: ["distillation"],
        doc: "The last network's share."),
      FieldDefinition(
        "from", .enumeration("StageStart"), default: .source(".base"), aliases: ["start"],
        doc: "The weights that experts begin with; which the authors took is not known."),
      FieldDefinition(
        "student", .enumeration("StageStart"), default: .source(".random"),
        doc: "Those that the last network begins with; which the authors took is not known."),
      FieldDefinition(
        "hidden", .optional(.int), range: .between(1, 65_536),
        doc: "Width of the hidden layer of the regressions; that of the representation if left out."),
    ],
    rules: [
      RecordRule("dnc is built on a method of one stage") { record in
        guard let inner = record["method"]?.recordValue, ["dnc", "harmonized"].contains(inner.type) else { return nil }
        let help = inner.type == "dnc" ? "keep one `dnc(…)`" : "write `dnc(…) + gh(…)`: base model and experts have it then"
        return .init(field: "method", "`dnc` divides a method of one stage, and this is `\(inner.type)`", help: help)
      },
      RecordRule("base + experts + distill = 100%") { record in
        let names = ["base", "experts", "distill"]
        let shares = names.compactMap { record[$0]?.doubleValue }
        guard shares.count == 3, abs(shares.reduce(0, +) - 1) > 1e-9 else { return nil }
        // The last one that leaves something for itself.
        let cure = names.indices.reversed().lazy.map { ($0, 1 - shares.reduce(0, +) + shares[$0]) }.first { $0.1 > 1e-9 }
        return .init(
          field: "distill", "the shares of the stages come to \(PlanText.number(100 * shares.reduce(0, +)))%, not to 100%",
          help: cure.map { "change one, such as `\(names[$0]): \(PlanText.number(100 * $1))%`" }
            ?? "change them, such as `base: 50%, experts: 25%, distill: 25%`")
      },
    ])
}
