import RecipeLanguage

/// A few words of each kind, so that transcripts do not change with the real catalogue.
enum EditorCatalogue {
  static let shared: Catalogue = {
    var catalogue = Catalogue(recipe: recipe, lengthField: "length")
    catalogue.add(
      EnumDefinition(
        "Stem", doc: "The first layer.",
        members: [.init("cifar", aliases: ["small"], doc: "3×3, stride 1."), .init("imagenet", doc: "7×7, stride 2.")]))
    catalogue.add(KindDefinition("Method", doc: "What is minimised."))
    catalogue.add(
      RecordDefinition(
        "simclr", kind: "Method", doc: "NT-Xent over two views.",
        fields: [
          FieldDefinition(
            "temperature", .schedulable(.float), default: 0.2, range: .between(0.01, 10), aliases: ["tau"],
            doc: "Sharpness of the softmax."),
          FieldDefinition("negatives", .optional(.int), range: .atLeast(1), unit: "images", doc: "How many to keep."),
        ]))
    catalogue.add(
      RecordDefinition(
        "resnet", kind: "Model", doc: "A residual network.",
        fields: [
          FieldDefinition("blocks", .list(.int), positional: true, doc: "Blocks a stage."),
          FieldDefinition("stem", .enumeration("Stem"), default: .source(".cifar"), doc: "The first layer."),
        ]))
    catalogue.add(
      RecordDefinition("folder", kind: "Source", fields: [FieldDefinition("path", .string, positional: true)]))
    catalogue.add(
      RecordDefinition(
        "limit", kind: "Source", form: .method, doc: "Fewer images.",
        fields: [FieldDefinition("source", .record("Source")), FieldDefinition("per_class", .int, range: .atLeast(1))]))
    catalogue.add(
      HostTypeDefinition(
        "Tensor", doc: "Numbers in a box.",
        properties: [.init("size", .int, doc: "How many numbers.") { .int($0.object as? Int ?? 0) }],
        describe: { "Tensor of \($0.object)" }))
    catalogue.add(
      FunctionDefinition(
        "zeros", doc: "Zeros.", parameters: [FieldDefinition("size", .int, range: .between(1, 100), positional: true)],
        result: .host("Tensor"), effects: [.compute]
      ) { arguments, _ in .host(HostValue(type: "Tensor", arguments.int("size"))) })
    catalogue.add(
      FunctionDefinition(
        "print", doc: "Prints a line.", parameters: [FieldDefinition("text", .string, positional: true)],
        result: .nothing, effects: [.output]
      ) { arguments, context in
        context.output(arguments.string("text") + "\n")
        return .none
      })
    return catalogue
  }()

  private static let recipe = RecordDefinition(
    "Recipe", doc: "One training run.",
    fields: [
      FieldDefinition("seed", .int, default: 0, range: .atLeast(0), doc: "Seeds everything."),
      FieldDefinition(
        "length", .quantity(.training), default: .value(.quantity(.epochs(10))), range: .above(0), doc: "How long."),
      FieldDefinition("data", .optional(.record("Source"))),
      FieldDefinition("model", .record("Model"), default: .source("resnet([1, 1])"), doc: "The encoder."),
      FieldDefinition("method", .record("Method"), default: .source("simclr()")),
      FieldDefinition("rate", .schedulable(.float), default: 0.1, doc: "Learning rate."),
    ])
}
