// A program that brings its own words to the recipe language: a bakery. It registers an enum, two records and a
// function, checks a recipe file, and uses what it says. `swift run EmbeddingExample` prints the plan of a day.

import RecipeLanguage

// MARK: The words

let flour = EnumDefinition(
  "Flour", doc: "What the dough is made of.",
  members: [.init("wheat", doc: "White and light."), .init("rye", aliases: ["roggen"], doc: "Dark and heavy.")])

let loaf = RecordDefinition(
  "loaf", kind: "Bread", doc: "A loaf.",
  fields: [
    FieldDefinition("flour", .enumeration("Flour"), default: .source(".wheat"), doc: "Its flour."),
    FieldDefinition("weight", .int, range: .between(100, 5000), aliases: ["grams"], unit: "grams", doc: "Of the dough."),
    FieldDefinition("water", .quantity(.percent), default: .source("65%"), range: .between(0.4, 1), doc: "Share of the flour."),
  ],
  rules: [
    RecordRule("rye needs 70% of water") { loaf in
      guard loaf.member("flour") == "rye", loaf.float("water") < 0.7 else { return nil }
      return .init(field: "water", "rye with so little water stays dry", help: "write `water: 70%` or more")
    }
  ])

// What a file's `recipe` blocks may say. Here a recipe is a batch of bread.
let batch = RecordDefinition(
  "Batch", doc: "Bread that goes into the oven together.",
  fields: [
    FieldDefinition("bread", .record("Bread"), doc: "What is baked."),
    FieldDefinition("count", .int, default: 1, range: .between(1, 50), doc: "How many loaves."),
    FieldDefinition("bake", .quantity(.duration), default: .source("40min"), range: .above(0), doc: "Time in the oven."),
  ])

// A pure function: it may be called anywhere.
let rise = FunctionDefinition(
  "rise", doc: "How long a dough rises at a temperature.",
  parameters: [FieldDefinition("celsius", .float, range: .between(4, 40), positional: true, doc: "Of the room.")],
  result: .quantity(.duration)
) { arguments, _ in
  .quantity(.seconds(Int(3600 * 24 / arguments.float("celsius"))))
}

var catalogue = Catalogue(recipe: batch)
catalogue.add(flour)
catalogue.add(KindDefinition("Bread", doc: "What can be baked."))
catalogue.add(loaf)
catalogue.add(rise)
precondition(catalogue.problems().isEmpty, "\(catalogue.problems())")

// MARK: A file

let text = """
  edition 1

  let dough = loaf(weight: 900)

  /// for the morning
  recipe white {
    bread = dough
    count = 12
  }

  recipe dark from white {
    bread = dough with {
      flour = .rye
      water = 75%
    }
    bake = 30min + rise(24.0) / 6
  }

  sweep sizes from dark {
    axis bread.weight in [500, 1000]
  }

  test "a cold room takes longer" {
    expect rise(8.0) > rise(24.0)
  }
  """

/// Prints what is wrong with a file, or what it says; returns whether it was right.
func show(_ text: String, _ catalogue: Catalogue) -> Bool {
  let (program, diagnostics) = Program.load(SourceFile(name: "day.recipe", text: text), catalogue: catalogue)
  if !diagnostics.isEmpty { print(DiagnosticRenderer().text(diagnostics)) }
  guard let program else { return false }
  for recipe in program.recipes + program.sweeps.flatMap({ $0.cells.map(\.recipe) }) {
    let bread = recipe.record.record("bread")
    print(
      "\(recipe.name): \(recipe.record.int("count")) × \(bread.int("weight")) g of \(bread.member("flour")),",
      "\(recipe.record.quantity("bake")) in the oven, \(recipe.identity.prefix(8))")
  }
  for test in program.tests {
    print("test \"\(test.name)\": \(program.run(test, granting: []).passed ? "passed" : "failed")")
  }
  return true
}

// A right file, and one with two mistakes: both are found, and nothing is baked.
let isRight = show(text, catalogue)
let isWrong = show("recipe dry {\n  bread = loaf(wieght: 900, flour: .roggen)\n}", catalogue)
precondition(isRight && !isWrong)
