import RecipeLanguage
import Testing

func load(_ text: String, set overrides: [String] = [], limits: Limits = Limits()) -> (Program?, [Diagnostic]) {
  Program.load(
    SourceFile(name: "test.recipe", text: text), catalogue: SampleCatalogue.make(),
    overrides: overrides.map { Override($0) }, limits: limits)
}

@Suite struct ProgramTests {
  static let text = """
    /// The base
    recipe base {
      length = 100ep
      optimizer = sgd(lr: rate, weight_decay: 5e-4)
    }
    let rate = ramp(0.1 -> 0.5, over: 10ep) then cosine(0.5 -> 1e-6)
    recipe geometric from base {
      method = simclr() + gh(weight: ramp(0 -> 1, over: 10ep) then hold(1))
      optimizer.weight_decay = 1e-4
    }
    sweep grid from geometric {
      axis seed in [0, 1]
      axis method.base.temperature in [0.1, 0.2, 0.5]
      skip when seed == 1 && temperature == 0.5
    }
    """

  @Test func resolvesEveryFieldWithItsProvenance() throws {
    let (program, diagnostics) = load(Self.text)
    #expect(diagnostics.isEmpty)
    let recipes = try #require(program).recipes
    #expect(recipes.map(\.name) == ["base", "geometric"])
    #expect(recipes[0].doc == "The base")
    #expect(recipes[1].base == "base")
    let record = recipes[1].record
    #expect(record.int("seed") == 0)
    #expect(record.quantity("length") == .epochs(100))
    #expect(record.record("optimizer").float("weight_decay") == 1e-4)
    #expect(record.value(at: "method.extra.structure.classes") == .int(10))
    #expect(record.member("stem") == "cifar")
    guard case .defaultValue = try #require(record.field("seed")).provenance else { return #expect(Bool(false)) }
    guard case .inherited(recipe: "base", let span) = try #require(record.field("length")).provenance else {
      return #expect(Bool(false))
    }
    #expect(span.line == 3)
    guard case .amended(let place)? = record.record("optimizer").field("weight_decay")?.provenance else {
      return #expect(Bool(false))
    }
    #expect(place.text == "1e-4")
    #expect(
      recipes[1].leaves.contains { $0.path == "optimizer.lr" && $0.text.hasPrefix("ramp(0.1 -> 0.5, over: 10ep)") })
  }

  @Test func theSchedulesOfARecipeHaveTheirValues() throws {
    let (program, _) = load(Self.text)
    let rate = try #require(program).recipes[0].record.record("optimizer").schedule("lr")
    let context = ScheduleContext(stepsPerEpoch: 10, imagesPerStep: nil, length: .epochs(100))
    let resolved = try rate.resolve(context).get()
    #expect(resolved.value(atStep: 0) == 0.1)
    #expect(abs(resolved.value(atStep: 50) - 0.3) < 1e-12)
    #expect(abs(resolved.value(atStep: 100) - 0.5) < 1e-12)
    #expect(abs(resolved.value(atStep: 1000) - 1e-6) < 1e-12)
    #expect(try rate.value(atStep: 550, context: context) == resolved.value(atStep: 550))
  }

  @Test func aSweepIsExpandedBeforeAnythingRuns() throws {
    let (program, _) = load(Self.text)
    let sweep = try #require(program).sweeps[0]
    #expect(sweep.cells.count == 5 && sweep.skipped == 1)
    #expect(sweep.axes.map(\.name) == ["seed", "method.base.temperature"])
    #expect(sweep.cells[1].axes[1].value == .float(0.2))
    #expect(sweep.cells[1].recipe.record.value(at: "method.base.temperature") == .float(0.2))
    #expect(Set(sweep.cells.map(\.recipe.identity)).count == 5)
    #expect(sweep.cells[0].recipe.name == "grid[seed: 0, method.base.temperature: 0.1]")
  }

  @Test func identityDependsOnMeaningAlone() throws {
    func identity(_ text: String) throws -> String { try #require(load(text).0).recipes[0].identity }
    let plain = try identity("recipe r {\n  optimizer = sgd(lr: 0.1)\n}")
    #expect(plain.count == 64)
    #expect(
      try identity("/// text\nrecipe other {\n  seed = 0 // the default\n  optimizer = sgd(momentum: 0.9, lr: 0.1)\n}")
        == plain)
    #expect(
      try identity("let x = sgd(lr: 1e-1)\nrecipe r {\n  optimizer = x\n  length = 5 * 2ep\n  rate = hold(1)\n}")
        == plain)
    #expect(try identity("recipe r {\n  seed = 1\n}") != plain)
  }

  @Test func theResolvedSourceLoadsToTheSameIdentity() throws {
    let (program, _) = load(Self.text)
    for recipe in try #require(program).recipes + #require(program).sweeps[0].cells.map(\.recipe) {
      let (again, diagnostics) = load(recipe.source)
      #expect(diagnostics.isEmpty, "\(DiagnosticRenderer().text(diagnostics))")
      #expect(again?.recipes[0].identity == recipe.identity)
      #expect(again?.recipes[0].record == recipe.record)
    }
    let odd = """
      recipe odd {
        data = cifar100("a \\"b\\" \\\\ \\u{1}").long_tail(imbalance: 12.5)
        length = 1ep / 3
        rate = repeat(ramp(0 -> 1, over: 0.05ep) then hold(1, over: 0.01ep))
        prune = ramp(0% -> 12.5%)
        probe = every(0.1ep, .counts)
        pause = 90s
        memory = 1536MiB
        tags = ["x", "y"]
        weights = ["a": 1, "b": 1e-9]
        subset = 33%
      }
      """
    let recipe = try #require(load(odd).0).recipes[0]
    #expect(load(recipe.source).0?.recipes[0].identity == recipe.identity, "\(recipe.source)")
    #expect(recipe.canonicalText.contains("length = 1ep / 3"))
  }

  @Test func missingFieldsOfTheSchemaAreReportedOneByOne() {
    var schema: [FieldDefinition] = [FieldDefinition("a", .int), FieldDefinition("b", .string, doc: "A name.")]
    schema.append(FieldDefinition("c", .optional(.int)))
    let catalogue = Catalogue(recipe: RecordDefinition("recipe", fields: schema))
    let (program, diagnostics) = Program.load(SourceFile(name: "x", text: "recipe r {\n}"), catalogue: catalogue)
    #expect(program == nil)
    #expect(diagnostics.map(\.code.id) == ["E0601", "E0601"])
  }

  @Test func aMissingFileIsADiagnostic() {
    let (program, diagnostics) = Program.load("/nowhere/x.recipe", catalogue: SampleCatalogue.make())
    #expect(program == nil)
    #expect(diagnostics.map(\.code.id) == ["E0001"])
    #expect(Program.load("/", catalogue: SampleCatalogue.make()).diagnostics.map(\.code.id) == ["E0001"])
  }

  @Test func testsNeedTheirEffectsGranted() throws {
    let text = "test \"t\" {\n  print(\"hello\")\n  expect vector([1]) ~= 1.0 within 0\n}"
    let program = try #require(load(text).0)
    let test = program.tests[0]
    #expect(test.effects == [.compute, .output])
    #expect(program.run(test, granting: []).diagnostics.map(\.code.id) == ["E0703", "E0703"])
    let outcome = program.run(test, granting: [.compute, .output])
    #expect(outcome.passed && outcome.expectations == 1 && outcome.output == "hello\n")
  }

  @Test func tasksSeeTheResultsTheyNeed() throws {
    let text = "recipe r {\n}\ntask report needs r {\n  print(\"\\(string(r))\")\n}"
    let program = try #require(load(text).0)
    #expect(program.tasks[0].needs == ["r"])
    let outcome = program.run(program.tasks[0], results: ["r": .float(0.5)], granting: [.output])
    #expect(outcome.output == "0.5\n" && outcome.passed)
  }
}

@Suite struct OverrideTests {
  static let text =
    "let peak = 0.5\nrecipe a {\n  optimizer = sgd(lr: peak)\n}\nrecipe b from a {\n  method = focal()\n}"

  @Test func anOverrideReachesEveryRecipeThatHasTheField() throws {
    let program = try #require(load(Self.text, set: ["length=3ep", "method.gamma = 1", "b.seed=7"]).0)
    #expect(program.recipes.map { $0.record.quantity("length") } == [.epochs(3), .epochs(3)])
    #expect(program.recipes[1].record.value(at: "method.gamma") == .float(1))
    #expect(program.recipes.map { $0.record.int("seed") } == [0, 7])
    guard case .commandLine? = program.recipes[0].record.field("length")?.provenance else {
      return #expect(Bool(false))
    }
    #expect(program.recipes[0].record.field("length")?.provenance.description == "command line")
  }

  @Test func aTopLevelLetCanBeReplaced() throws {
    let program = try #require(load(Self.text, set: ["peak=ramp(0.5 -> 0.1)"]).0)
    #expect(program.recipes[0].record.record("optimizer").schedule("lr").constant == nil)
  }

  @Test(arguments: [
    ("length", "E0609"), ("length=", "E0609"), ("3=4", "E0609"), ("", "E0609"), ("lenght=3ep", "E0610"),
    ("method.x=1", "E0610"), ("length=3", "E0302"), ("batch=0", "E0401"), ("batch=\"x\"", "E0301"),
    ("seed=1 2", "E0102"), ("seed=(1", "E0103"), ("seed=missing", "E0201"), ("rate=\"x\"", "E0301"),
  ])
  func aBadOverrideIsADiagnostic(text: String, code: String) {
    let source = "recipe a {\n}\nrecipe b from a {\n}"
    let (program, diagnostics) = load(source, set: [text])
    #expect(program == nil)
    #expect(diagnostics.map(\.code.id) == [code], "\(DiagnosticRenderer().text(diagnostics))")
  }

  @Test func theRulesHoldAfterOverrides() {
    #expect(load("recipe a {\n  seed = 1\n}", set: ["batch=1"]).1.map(\.code.id) == ["E0403"])
    #expect(
      load("recipe a {\n  rate = ramp(0 -> 1, until: 10ep)\n}", set: ["length=3ep"]).1.map(\.code.id) == ["E0503"])
    #expect(load("recipe a {\n  rate = ramp(0 -> 1, until: 5ep)\n}", set: ["length=5ep"]).1.isEmpty)
  }
}
