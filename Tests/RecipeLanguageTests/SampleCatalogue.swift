import Foundation
import RecipeLanguage

/// A catalogue like a learning host's, for tests: small, but with every kind of word.
enum SampleCatalogue {
  static let vector = "Vector"

  static func make(lengthField: String? = "length") -> Catalogue {
    var catalogue = Catalogue(recipe: recipe, lengthField: lengthField)
    catalogue.add(
      EnumDefinition(
        "Stem", doc: "The first layer.",
        members: [.init("cifar", aliases: ["small"], doc: "3×3"), .init("imagenet", doc: "7×7")]))
    catalogue.add(EnumDefinition("Groups", members: [.init("thirds"), .init("counts")]))
    for kind in ["Source", "Augment", "Encoder", "Method", "Optimizer", "Structure", "Probe", "Pair"] {
      catalogue.add(KindDefinition(kind))
    }
    for record in records { catalogue.add(record) }
    catalogue.add(
      OperatorDefinition(
        "+", .record("Method"), .record("Extra"), result: .record("Method"),
        .record(constructor: "combined", left: "base", right: "extra")))
    addVectors(to: &catalogue)
    return catalogue
  }

  static let recipe = RecordDefinition(
    "recipe",
    fields: [
      FieldDefinition("seed", .int, default: 0, range: .atLeast(0), doc: "Seed of every random number."),
      FieldDefinition(
        "length", .quantity(.training), default: .value(.quantity(.epochs(10))), range: .above(0), aliases: ["epochs"]),
      FieldDefinition("data", .record("Source"), default: .source("folder(\"photos\")")),
      FieldDefinition("augment", .record("Augment"), default: .source(".simclr()")),
      FieldDefinition("stem", .enumeration("Stem"), default: .source(".cifar")),
      FieldDefinition("batch", .int, default: 256, range: .between(1, 65536), aliases: ["batch_size"]),
      FieldDefinition("method", .record("Method"), default: .source("simclr()")),
      FieldDefinition("optimizer", .record("Optimizer"), default: .source("sgd(lr: 0.1)")),
      FieldDefinition("rate", .schedulable(.float), default: 1, range: .between(0, 10)),
      FieldDefinition(
        "prune", .schedulable(.quantity(.percent)), default: .value(.quantity(.percent(0))), range: .between(0, 1)),
      FieldDefinition("probe", .optional(.record("Probe"))),
      FieldDefinition("pause", .optional(.quantity(.duration))),
      FieldDefinition("memory", .optional(.quantity(.bytes))),
      FieldDefinition("tags", .list(.string), default: .value(.list([]))),
      FieldDefinition("weights", .map(.float), default: .value(.map([]))),
      FieldDefinition("subset", .oneOf([.int, .quantity(.percent)]), default: .value(.quantity(.percent(100)))),
    ],
    rules: [
      RecordRule("a batch of one needs no shuffling seed") { record in
        guard record.int("batch") == 1, record.int("seed") > 0 else { return nil }
        return .init(field: "seed", "seed \(record.int("seed")) has no use with a batch of 1", help: "leave it out")
      }
    ])

  private static let records: [RecordDefinition] = [
    RecordDefinition(
      "folder", kind: "Source",
      fields: [
        FieldDefinition("path", .string, positional: true) { $0.stringValue == "" ? "must not be empty" : nil }
      ]),
    RecordDefinition("cifar100", kind: "Source", fields: [FieldDefinition("path", .string, positional: true)]),
    RecordDefinition(
      "long_tail", kind: "Source", form: .method,
      fields: [
        FieldDefinition("source", .record("Source")),
        FieldDefinition("imbalance", .float, default: 100, range: .atLeast(1)),
        FieldDefinition("seed", .int, default: 0),
      ]),
    RecordDefinition(
      "simclr", kind: "Augment", form: .member,
      fields: [
        FieldDefinition("size", .int, default: 32, range: .between(8, 1024))
      ]),
    RecordDefinition(
      "simclr", kind: "Method",
      fields: [
        FieldDefinition(
          "temperature", .schedulable(.float), default: 0.2, range: .between(0.01, 10), aliases: ["tau"],
          doc: "Sharpness.")
      ]),
    RecordDefinition(
      "focal", kind: "Method",
      fields: [
        FieldDefinition("temperature", .schedulable(.float), default: 0.2, range: .between(0.01, 10)),
        FieldDefinition("gamma", .float, default: 2, range: .atLeast(0)),
      ]),
    RecordDefinition(
      "combined", kind: "Method",
      fields: [
        FieldDefinition("base", .record("Method")), FieldDefinition("extra", .record("Extra")),
      ]),
    RecordDefinition(
      "gh", kind: "Extra",
      fields: [
        FieldDefinition("structure", .record("Structure"), default: .source("simplex(classes: 10, dimension: 64)")),
        FieldDefinition("weight", .schedulable(.float), default: 1, range: .between(0, 1)),
        FieldDefinition("momentum", .schedulable(.float), default: 0.999, range: .from(0, below: 1)),
        FieldDefinition("starts", .quantity(.training), default: .value(.quantity(.epochs(0)))),
      ]),
    RecordDefinition(
      "simplex", kind: "Structure",
      fields: [
        FieldDefinition("classes", .int, range: .atLeast(2)), FieldDefinition("dimension", .int, range: .atLeast(1)),
      ],
      rules: [
        RecordRule("classes ≤ dimension + 1") { record in
          guard record.int("classes") > record.int("dimension") + 1 else { return nil }
          return .init(
            field: "classes",
            "\(record.int("classes")) classes do not fit in \(record.int("dimension")) dimensions",
            help: "at most \(record.int("dimension") + 1)")
        }
      ]),
    RecordDefinition(
      "sgd", kind: "Optimizer",
      fields: [
        FieldDefinition(
          "lr", .schedulable(.float), range: .above(0, to: 10), aliases: ["learning_rate"], doc: "Learning rate."),
        FieldDefinition("momentum", .schedulable(.float), default: 0.9, range: .from(0, below: 1)),
        FieldDefinition("weight_decay", .float, default: 0, range: .atLeast(0), aliases: ["wd"]),
        FieldDefinition("nesterov", .bool, default: false),
      ]),
    RecordDefinition(
      "every", kind: "Probe",
      fields: [
        FieldDefinition("interval", .quantity(.training), positional: true),
        FieldDefinition("groups", .enumeration("Groups"), default: .source(".thirds"), positional: true),
      ]),
  ]

  private static func addVectors(to catalogue: inout Catalogue) {
    catalogue.add(
      HostTypeDefinition(
        vector, properties: [.init("size", .int) { .int(($0.object as? [Double])?.count ?? 0) }],
        describe: { "Vector \($0.object)" },
        difference: { left, right in
          let a: [Double] = left.object as? [Double] ?? []
          let b: [Double] =
            right.hostObject() ?? right.doubleValue.map { [Double](repeating: $0, count: a.count) } ?? []
          guard a.count == b.count else { throw CallError("sizes \(a.count) and \(b.count) differ") }
          return zip(a, b).map { abs($0 - $1) }.max() ?? 0
        }))
    catalogue.add(
      FunctionDefinition(
        "vector", parameters: [FieldDefinition("of", .list(.float), positional: true)], result: .host(vector),
        effects: [.compute]
      ) { arguments, _ in
        .host(HostValue(type: vector, arguments.list("of").compactMap(\.doubleValue)))
      })
    catalogue.add(
      FunctionDefinition(
        "simplex", parameters: [FieldDefinition("corners", .int, range: .atLeast(1))], result: .host(vector),
        effects: [.compute]
      ) { arguments, _ in .host(HostValue(type: vector, [Double](repeating: 1, count: arguments.int("corners")))) })
    catalogue.add(
      FunctionDefinition(
        "print", parameters: [FieldDefinition("text", .string, positional: true)], result: .nothing, effects: [.output]
      ) { arguments, context in
        context.output(arguments.string("text") + "\n")
        return .none
      })
    catalogue.add(
      FunctionDefinition(
        "filled", parameters: [FieldDefinition("value", .float, positional: true), FieldDefinition("rows", .int)],
        result: .host(vector), effects: [.compute]
      ) { arguments, _ in
        .host(HostValue(type: vector, [Double](repeating: arguments.float("value"), count: arguments.int("rows"))))
      })
    let path = FieldDefinition("path", .string, positional: true)
    catalogue.add(
      FunctionDefinition("load", parameters: [path], result: .host(vector), effects: [.read]) { arguments, _ in
        throw CallError("\(arguments.string("path")): there is no such file", argument: "path")
      })
    catalogue.add(
      FunctionDefinition(
        "save", parameters: [FieldDefinition("x", .host(vector), positional: true), path], result: .nothing,
        effects: [.write]
      ) { _, _ in .none })
    catalogue.add(
      FunctionDefinition(
        "explode", parameters: [FieldDefinition("size", .int, default: 1, positional: true)], result: .int,
        effects: [.compute]
      ) { _, _ in throw CallError("it went off", argument: "size", help: "do not") })
    catalogue.add(
      OperatorDefinition(
        "*", .host(vector), .float, result: .host(vector),
        .function(effects: [.compute]) { a, b in
          let values: [Double] = a.hostObject() ?? []
          return .host(HostValue(type: vector, values.map { $0 * (b.doubleValue ?? 0) }))
        }))
  }
}
