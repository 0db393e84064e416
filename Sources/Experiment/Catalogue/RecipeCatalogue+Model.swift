import RecipeLanguage

extension RecipeCatalogue {
  static func addModelWords(to catalogue: inout Catalogue) {
    catalogue.add(
      EnumDefinition(
        "Stem", doc: "How a network begins.",
        members: [
          .init("cifar", aliases: ["small"], doc: "3×3 convolution, stride 1, no pooling: for images of 28…64 pixels."),
          .init("imagenet", aliases: ["large"], doc: "7×7 convolution, stride 2, max pooling: for larger images."),
        ]))
    catalogue.add(
      EnumDefinition(
        "Block", doc: "The residual block.",
        members: [
          .init("basic", doc: "Two 3×3 convolutions."),
          .init("bottleneck", doc: "1×1, 3×3 and 1×1 convolutions; the output is four times as wide."),
        ]))
    catalogue.add(
      EnumDefinition(
        "Precision", doc: "What the sums of convolutions may be.",
        members: [
          .init(
            "exact", aliases: ["strict", "plain"],
            doc: "Plain sums of products, no Winograd: relative error about 3e-7."),
          .init("fast", doc: "The fastest algorithm, Winograd where it pays: relative error 1e-6 to 2e-6."),
        ]))
    catalogue.add(
      EnumDefinition(
        "ConvolutionAlgorithm", doc: "How convolutions are computed, where a layer allows it.",
        members: [
          .init("im2col", aliases: ["gemm"], doc: "Columns of image patches, then a matrix product: any layer."),
          .init("direct", doc: "Image patches read where they are: kernels of up to 64 taps."),
          .init("winograd2", doc: "Winograd F(2×2, 3×3): 3×3 with stride 1, in 4/9 of the multiplications."),
          .init(
            "winograd4", aliases: ["winograd"],
            doc: "Winograd F(4×4, 3×3): 3×3 with stride 1, in 1/4 of the multiplications, or 2, in 9/16; less exact."),
        ]))
    catalogue.add(KindDefinition("Model", doc: "A network with the head it is trained with."))
    catalogue.add(KindDefinition("Backbone", doc: "The network that gives the representation."))
    catalogue.add(KindDefinition("Projector", doc: "The head between representation and loss; dropped afterwards."))
    for name in ["resnet18", "resnet34", "resnet50"] { catalogue.add(residualPreset(name)) }
    catalogue.add(residual)
    catalogue.add(perceptron)
    catalogue.add(projector)
    catalogue.add(direct)
    catalogue.add(encoder)
  }

  private static let stem = FieldDefinition(
    "stem", .enumeration("Stem"), default: .source(".cifar"), doc: "How the network begins.")
  private static let width = FieldDefinition(
    "width", .int, default: 64, range: .between(1, 4096), aliases: ["channels", "base_width"],
    doc: "Channels of the first stage; each further stage has twice as many.")

  private static func residualPreset(_ name: String) -> RecordDefinition {
    let blocks = [
      "resnet18": "[2, 2, 2, 2] basic", "resnet34": "[3, 4, 6, 3] basic", "resnet50": "[3, 4, 6, 3] bottleneck",
    ]
    return RecordDefinition(
      name, kind: "Backbone", doc: "Residual network of \(blocks[name] ?? "") blocks.", fields: [stem, width])
  }

  private static let residual = RecordDefinition(
    "resnet", kind: "Backbone", doc: "A residual network of any blocks and width.",
    fields: [
      FieldDefinition(
        "blocks", .list(.int), range: .between(1, 256), doc: "Blocks in each stage, one to five stages.",
        constraint: { value in
          guard let count = value.listValue?.count, !(1...5).contains(count) else { return nil }
          return "has \(count) stages; one to five are possible"
        }),
      FieldDefinition("block", .enumeration("Block"), default: .source(".basic"), doc: "The block."),
      stem, width,
    ])

  private static let perceptron = RecordDefinition(
    "perceptron", kind: "Backbone", doc: "For points, as of `blobs`: linear layers with a ReLU between each two.",
    fields: [
      FieldDefinition(
        "hidden", .list(.int), default: .source("[64, 64]"), range: .between(1, 65_536), doc: "Widths of the layers between."),
      FieldDefinition(
        "output", .int, range: .between(1, 65_536), doc: "Width of the representation."),
    ])

  private static let projector = RecordDefinition(
    "mlp", kind: "Projector",
    doc: "Two layers: linear, batch norm, ReLU, linear without bias, batch norm.",
    fields: [
      FieldDefinition(
        "hidden", .optional(.int), range: .between(1, 65_536),
        doc: "Hidden width; that of the representation if left out."),
      FieldDefinition(
        "output", .int, default: 128, range: .between(2, 65_536), aliases: ["dimension", "dim", "out"],
        doc: "Width of the embedding; the structure of `gh` must have the same dimension."),
    ])

  private static let direct = RecordDefinition(
    "direct", kind: "Projector", doc: "No projector: the loss sees the representation itself.", fields: [])

  private static let encoder = RecordDefinition(
    "encoder", kind: "Model", doc: "A backbone and a projector.",
    fields: [
      FieldDefinition("backbone", .record("Backbone"), positional: true, doc: "Gives the representation."),
      FieldDefinition(
        "projector", .record("Projector"), default: .source("mlp()"), aliases: ["head", "projection"],
        doc: "Gives the embedding that the loss sees."),
      FieldDefinition(
        "precision", .enumeration("Precision"), default: .source(".fast"),
        doc: "What the plan of a convolution may choose from, in training, measuring and `embed`."),
      FieldDefinition(
        "convolution", .optional(.enumeration("ConvolutionAlgorithm")), aliases: ["algorithm", "conv"],
        doc: "Forces an algorithm where a layer allows it; elsewhere, and if left out, the plan chooses."),
    ],
    rules: [
      RecordRule("no Winograd with `precision: .exact`") { record in
        guard record["precision"]?.memberName == "exact", let word = record["convolution"]?.memberName,
          word.hasPrefix("winograd")
        else { return nil }
        return .init(
          field: "convolution", "`convolution: .\(word)` contradicts `precision: .exact`, which allows no Winograd",
          help: "write `.im2col` or `.direct`, or `precision: .fast`")
      }
    ])
}
