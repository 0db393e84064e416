import RecipeLanguage

extension RecipeCatalogue {
  static func addTrainingWords(to catalogue: inout Catalogue) {
    catalogue.add(KindDefinition("Optimizer", doc: "How weights follow gradients."))
    catalogue.add(KindDefinition("Probe", doc: "How a representation is measured."))
    catalogue.add(KindDefinition("Measure", doc: "How embeddings are measured without a probe, at the end of a run."))
    catalogue.add(
      EnumDefinition(
        "Groups", doc: "Which classes are many, medium and few.",
        members: [
          .init("thirds", aliases: ["rank"], doc: "By rank: thirds of the classes, the rest in many."),
          .init("counts", aliases: ["absolute", "thresholds"], doc: "More than 100, 20…100, fewer than 20 images."),
        ]))
    catalogue.add(
      EnumDefinition(
        "ProbeImages", doc: "What a probe learns from.",
        members: [
          .init("all", aliases: ["balanced"], doc: "The training split before `long_tail` (the published protocol)."),
          .init("training", aliases: ["long_tail"], doc: "The images that the encoder was trained on."),
        ]))
    catalogue.add(
      EnumDefinition(
        "TuningStart", doc: "The weights that fine-tuning begins with.",
        members: [
          .init("pretrained", aliases: ["base"], doc: "Those that the recipe has trained."),
          .init("scratch", aliases: ["random"], doc: "Random ones: what labels alone come to."),
        ]))
    catalogue.add(
      EnumDefinition(
        "Pace", doc: "How often a schedule moves.",
        members: [.init("epoch", doc: "Once an epoch, as published."), .init("step", doc: "Every step.")]))
    for definition in [sgd, adam, every, linearProbe, nearestNeighbours, fineTuning, circleShares] { catalogue.add(definition) }
  }

  private static let sgd = RecordDefinition(
    "sgd", kind: "Optimizer", doc: "Stochastic gradient descent with momentum; weight decay on all parameters.",
    fields: [
      FieldDefinition(
        "lr", .schedulable(.float), range: .between(0, 1000), aliases: ["learning_rate", "rate"],
        doc: "The rate. An epoch's rate is the schedule's value at the epoch's end, as in the published schedules."),
      FieldDefinition(
        "momentum", .float, default: .value(.float(0.9)), range: .from(0, below: 1), doc: "Share of the old step kept."),
      FieldDefinition(
        "weight_decay", .float, default: .value(.float(5e-4)), range: .between(0, 1), aliases: ["wd", "l2"],
        doc: "Added to the gradient, times the weight."),
      FieldDefinition(
        "pace", .enumeration("Pace"), default: .source(".epoch"), doc: "How often the rate moves."),
    ])

  private static let adam = RecordDefinition(
    "adam", kind: "Optimizer", doc: "Adam (Kingma and Ba, 2015), as in PyTorch.",
    fields: [
      FieldDefinition(
        "lr", .schedulable(.float), range: .between(0, 1000), aliases: ["learning_rate", "rate"],
        doc: "The rate. An epoch's rate is the schedule's value at the epoch's end, as for `sgd`."),
      FieldDefinition(
        "beta1", .float, default: .value(.float(0.9)), range: .from(0, below: 1), doc: "Share of the mean gradient kept."),
      FieldDefinition(
        "beta2", .float, default: .value(.float(0.999)), range: .from(0, below: 1),
        doc: "Share of the mean squared gradient kept."),
      FieldDefinition(
        "epsilon", .float, default: .value(.float(1e-8)), range: .above(0, to: 1), aliases: ["eps"],
        doc: "Added to the divisor.", constraint: singlePrecision),
      FieldDefinition(
        "weight_decay", .float, default: .value(.float(0)), range: .between(0, 1), aliases: ["wd", "l2"],
        doc: "Added to the gradient, times the weight."),
      FieldDefinition(
        "pace", .enumeration("Pace"), default: .source(".epoch"), doc: "How often the rate moves."),
    ])

  private static let every = RecordDefinition(
    "every", doc: "Something done again and again, and at the end of the run.",
    fields: [
      FieldDefinition(
        "interval", .quantity(.training), range: .above(0), positional: true, doc: "How often."),
      FieldDefinition(
        "probe", .optional(.oneOf([.record("Probe"), .list(.record("Probe"))])), positional: true,
        doc: "The measurement, for `evaluate`; of several the first is made on the way and all at the end.",
        constraint: noEmptyList),
    ])

  private static let circleShares = RecordDefinition(
    "circle_shares", kind: "Measure",
    doc: "How test classes share the circle of embeddings of two numbers, at the end of the run: each occupied bin belongs "
      + "to the class with most samples in it. The report draws the circle in place of the map.",
    fields: [
      FieldDefinition("bins", .int, default: 72, range: .between(2, 3600), doc: "Parts of the circle.")
    ])

  private static let groups = FieldDefinition(
    "groups", .enumeration("Groups"), default: .source(".thirds"), aliases: ["protocol"],
    doc: "Which classes are many, medium, few.")
  private static let probeImages = FieldDefinition(
    "train", .enumeration("ProbeImages"), default: .source(".all"), aliases: ["on"], doc: "What it learns from.")

  private static let shots = FieldDefinition(
    "shots", .optional(.int), range: .atLeast(1), aliases: ["few_shot", "per_class"], unit: "images a class",
    doc: "Learns from this many images of each class, drawn by the recipe's seed; from all if left out. The published few-shot "
      + "protocol has 100. Draws of one seed are nested.")
  private static let source = FieldDefinition(
    "source", .optional(.record("Source")), aliases: ["transfer", "dataset", "data"],
    doc: "Transfer: learns from and is tested on another data set instead, brought to the size of the views and normalised "
      + "as the training images are. It has to have as many channels, labels and test images.")

  private static let linearProbe = RecordDefinition(
    "linear_probe", kind: "Probe",
    doc: "A linear classifier on frozen representations: Adam, rate falling exponentially, no augmentation.",
    fields: [
      groups, probeImages, shots, source,
      FieldDefinition(
        "epochs", .int, default: 500, range: .between(1, 100_000), doc: "Passes over the representations."),
      FieldDefinition(
        "batch", .int, default: 1000, range: .between(1, 1_000_000), aliases: ["batch_size"], doc: "A step."),
      FieldDefinition(
        "lr", .float, default: .value(.float(1e-2)), range: .above(0, to: 100), aliases: ["rate"], doc: "First rate."),
      FieldDefinition(
        "final_lr", .float, default: .value(.float(1e-6)), range: .above(0, to: 100), doc: "Rate after the last epoch."),
      FieldDefinition(
        "weight_decay", .float, default: .value(.float(5e-6)), range: .between(0, 1), aliases: ["wd"], doc: "L2."),
      FieldDefinition(
        "neighbours", .optional(.int), range: .between(1, 10_000), aliases: ["neighbors", "k", "knn"],
        doc: "Also measure by this many nearest neighbours."),
    ])

  private static let fineTuning = RecordDefinition(
    "fine_tuning", kind: "Probe",
    doc: "Logit-adjusted fine-tuning (Menon et al., 2021): a copy of the whole network and a linear classifier learn the labels of "
      + "the long-tailed training images, with tau · log(class share) added to the scores in the loss, by SGD with Nesterov momentum "
      + "and a rate that falls to 0 along a cosine, on crops and flips. Rate, epochs and views of the published comparison are not "
      + "known. It is a training of its own: at the end of a run, and resumable.",
    fields: [
      groups,
      FieldDefinition("epochs", .int, default: 30, range: .between(1, 100_000), doc: "Passes over the training images."),
      FieldDefinition(
        "batch", .int, default: 128, range: .between(2, 1_000_000), aliases: ["batch_size"], doc: "Images a step."),
      FieldDefinition(
        "lr", .float, default: .value(.float(0.1)), range: .above(0, to: 100), aliases: ["rate"], doc: "First rate."),
      FieldDefinition(
        "momentum", .float, default: .value(.float(0.9)), range: .from(0, below: 1), doc: "Share of the old step kept."),
      FieldDefinition(
        "nesterov", .bool, default: true, doc: "Whether the step looks ahead along the momentum."),
      FieldDefinition(
        "weight_decay", .float, default: .value(.float(5e-4)), range: .between(0, 1), aliases: ["wd"], doc: "L2."),
      FieldDefinition(
        "tau", .float, default: .value(.float(1)), range: .between(0, 100), aliases: ["adjustment"],
        doc: "Factor of log(class share); 0 is plain cross-entropy.", constraint: singlePrecision),
      FieldDefinition(
        "from", .enumeration("TuningStart"), default: .source(".pretrained"), aliases: ["start"],
        doc: "The weights it begins with."),
      FieldDefinition(
        "min_area", .float, default: .value(.float(0.25)), range: .above(0, to: 1), aliases: ["min_scale"],
        doc: "Least share of an image in a crop."),
    ])

  private static let nearestNeighbours = RecordDefinition(
    "nearest_neighbours", kind: "Probe", doc: "Majority of the nearest training images by cosine, weighted.",
    fields: [
      FieldDefinition(
        "k", .int, default: 20, range: .between(1, 10_000), positional: true, aliases: ["neighbours"], doc: "How many."),
      FieldDefinition(
        "temperature", .float, default: .value(.float(0.07)), range: .above(0, to: 100), aliases: ["tau"],
        doc: "A neighbour weighs exp(cosine / this).", constraint: singlePrecision),
      groups, probeImages, shots, source,
    ])
}
