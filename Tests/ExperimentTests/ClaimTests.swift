import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// What pages, help and README say is so.
@Suite struct ClaimTests {
  private static let catalogue = RecipeCatalogue.shared
  private static let constructors = catalogue.constructors.values.sorted { $0.name < $1.name }

  // MARK: Ranges and other names

  /// Text of each kind.
  private static let samples = [
    "Source": "blobs()", "Augment": ".noise(deviation: 1)", "Backbone": "resnet18()", "Projector": "direct()",
    "Method": "simclr()", "Structure": "simplex(classes: 2, dimension: 2)", "Prior": "uniform_prior()",
    "Harmonization": "gh(structure: simplex(classes: 2, dimension: 2))", "Model": "encoder(resnet18())",
    "Data": "two_views(source: blobs(), augment: .noise(deviation: 1))", "Optimizer": "sgd(lr: 1)",
    "Probe": "linear_probe()", "sinkhorn": "sinkhorn()",
  ]

  private static func sample(_ field: FieldDefinition) -> String {
    switch field.type {
    case .int, .float, .schedulable: number(field.range?.upper?.value ?? field.range?.lower?.value ?? 1, field.type)
    case .quantity: "1ep"
    case .list: "[1]"
    case .record(let kind): samples[kind] ?? "missing"
    default: "\"x\""
    }
  }

  private static func number(_ value: Double, _ type: ValueType) -> String {
    switch type {
    case .int: "\(Int(value))"
    case .quantity(.percent): String(format: "%.6f%%", value * 100)
    case .quantity: "\(Int(value))step"
    case .list(let element): "[\(number(value, element))]"
    case .optional(let type), .schedulable(let type): number(value, type)
    case .oneOf(let types): number(value, types[0])
    default: String(format: "%.9f", value)
    }
  }

  /// A declaration that gives a field this text and the others what they need.
  private static func text(_ record: RecordDefinition, _ name: String, _ value: String) -> String {
    let needed = record.fields.dropFirst(record.form == .method ? 1 : 0).filter { $0.isRequired && $0.name != name }
    let arguments = (needed.map { "\($0.name): \(sample($0))" } + ["\(name): \(value)"]).joined(separator: ", ")
    return switch record.form {
    case .free: "let a = \(record.name)(\(arguments))\n"
    case .member: "let a = two_views(source: blobs(), augment: .\(record.name)(\(arguments)))\n"
    case .method: "let a = blobs().\(record.name)(\(arguments))\n"
    }
  }

  private func diagnostics(_ text: String) -> [Diagnostic] {
    Program.load(SourceFile(name: "a.recipe", text: text), catalogue: Self.catalogue).diagnostics
  }

  /// Both ends of every range hold as the reference says: what is in it is taken, what is out of it refused.
  @Test(arguments: constructors.map(\.name)) func rangesHoldAtBothEnds(name: String) throws {
    let record = try #require(Self.catalogue.constructors[name])
    for field in record.fields {
      guard let range = field.range else { continue }
      var probes: [Double] = []
      for bound in [range.lower, range.upper].compactMap({ $0 }) {
        let isWhole = switch field.type { case .int, .optional(.int), .list(.int), .quantity(.training): true default: false }
        let step = isWhole ? 1 : max(1e-6, abs(bound.value) * 1e-3)
        probes += [bound.value - step, bound.value, bound.value + step]
      }
      for value in probes {
        let text = Self.text(record, field.name, Self.number(value, field.type))
        let codes = diagnostics(text).map(\.code.id)
        #expect(codes.contains("E0401") == !range.contains(value), "\(text)\(range): \(codes)")
        #expect(!codes.contains { $0.hasPrefix("E02") || $0.hasPrefix("E03") }, "\(text)\(codes)")
      }
    }
  }

  /// A name that people know from elsewhere is answered with ours.
  @Test(arguments: constructors.map(\.name)) func otherNamesAreAnswered(name: String) throws {
    let record = try #require(Self.catalogue.constructors[name])
    for field in record.fields {
      for alias in field.aliases where !record.fields.contains(where: { $0.name == alias }) {
        let found = diagnostics(Self.text(record, alias, "1"))
        #expect(found.contains { $0.help?.contains("`\(field.name)`") == true }, "\(name).\(alias): \(found.map(\.help))")
      }
    }
  }

  @Test func whatTheReferenceSaysOfLossesIsSo() throws {
    let program = try #require(
      Program.load(
        SourceFile(
          name: "a.recipe",
          text: """
            test "t" {
              let x = tensor([[1.0, 0.5], [0.2, -1.0], [0.3, 0.9]])
              let y = tensor([[0.9, 0.4], [0.1, -1.2], [0.5, 0.7]])
              expect nt_xent(x, y, gamma: 0) ~= nt_xent(x, y) within 1e-6
              expect tensor_exp(log_softmax(x)) ~= softmax(x) within 1e-6
              expect row_sums(sinkhorn(x, prior: filled(0.5, rows: 2))) ~= filled(1, rows: 3) within 1e-4
              let v = vertices(simplex(classes: 5, dimension: 4))
              let cosines = matmul(v, v, transpose_b: true)
              expect total(cosines) ~= 0.0 within 1e-4
              expect total(cosines * cosines) ~= 5.0 + 20.0 / 16.0 within 1e-4
              expect column(x).rows == 6 && x.shape == [3, 2] && x.columns == 2 && x.count == 6
              expect conv2d_free() == 1
            }
            func conv2d_free() -> Int { return 1 }
            """), catalogue: Self.catalogue
      ).program)
    let outcome = program.run(program.tests[0], granting: [.compute])
    #expect(outcome.passed, "\(DiagnosticRenderer().text(outcome.diagnostics))")
  }

  // MARK: Remedies

  /// The remedy of a finding is none that leads to another one.
  @Test(arguments: [
    ("method = simclr() + gh(structure: simplex(classes: 3, dimension: 8), align: .centres)", "starts: 2ep", "method.gh.starts=2ep"),
    ("length = 20ep\n  method = simclr() + gh(structure: simplex(classes: 3, dimension: 8), align: .centres)", "starts: 10ep", "method.gh.starts=10ep"),
    ("method = simclr() + gh(structure: simplex(classes: 3, dimension: 8), starts: 9ep)", "starts: 2ep", "method.gh.starts=2ep"),
    ("method = simclr() + gh(structure: simplex(classes: 3, dimension: 5))", "dimension: 8", "method.gh.structure.dimension=8"),
    ("method = simclr() + gh(structure: simplex(classes: 12, dimension: 16))\n  data.batch = 16", "mlp(output: 16)", "model.projector.output=16"),
    ("length = 7step", "2ep", "length=2ep"),
    ("evaluate = every(2ep)", "every(2ep, linear_probe())", "evaluate=every(2ep, linear_probe())"),
    ("checkpoint = every(2ep, linear_probe())", "every(2ep)", "checkpoint=every(2ep)"),
    ("evaluate = linear_probe(lr: 0.001, final_lr: 0.01)", "smaller `final_lr`", "evaluate.final_lr=0.0001"),
    ("evaluate = nearest_neighbours(1000)", "k: 36", "evaluate.k=36"),
    ("evaluate = linear_probe(shots: 100)", "shots: 12", "evaluate.shots=12"),
    ("data.batch = 100\n  data.last = .drop", "last: .keep", "data.last=.keep"),
    ("method = dnc(simclr())\n  length = 5ep", "change the shares, or the length", "length=8ep"),
    ("method = dnc(simclr(), clusters: 100)\n  length = 8ep", "at most 10 clusters", "method.clusters=10"),
    ("evaluate = every(1ep, fine_tuning())", "every(20ep, [linear_probe(), fine_tuning()])", "evaluate=every(1ep, [linear_probe(), fine_tuning()])"),
    ("data.augment = .noise(deviation: 1)", ".simclr(size: 32)", "data.augment=.simclr(size: 32)"),
    ("evaluate = circle_shares()", "linear_probe()", "evaluate=linear_probe()"),
    ("data.source = stripes.limit(per_class: 100)", "at most 3", "data.source.per_class=3"),
  ])
  func remediesCure(fields: String, remedy: String, override: String) throws {
    let tiny = try TinyExperiment(TinyExperiment.standard + "\nrecipe r from plain {\n  \(fields)\n}\n")
    func plan(_ overrides: [String]) -> (Experiment.ExitStatus, String) {
      let lines = Lines()
      let status = PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path, overrides: overrides, recipes: ["r"])).run(lines.console)
      return (status, lines.err.joined(separator: "\n"))
    }
    let (status, text) = plan([])
    #expect((status == .badRecipe || text.contains("warning")) && text.contains(remedy), "\(fields)\n\(text)")
    let (cured, rest) = plan([override])
    #expect(cured == .success && !rest.contains("error["), "\(fields) with \(override)\n\(rest)")
  }

  @Test(arguments: ["base: 60%", "base: 80%", "base: 100%", "experts: 100%, distill: 100%", "base: 10%, experts: 10%, distill: 10%"])
  func sharesOfStagesAreCured(shares: String) throws {
    let found = diagnostics("let a = dnc(simclr(), \(shares))\n")
    let help = try #require(found.first?.help)
    let fields = try #require(help.firstMatch(of: /`([^`]+)`/)).output.1
    let cured = shares.split(separator: ", ").filter { field in !fields.contains(field.prefix { $0 != ":" }) } + [fields]
    #expect(diagnostics("let a = dnc(simclr(), \(cured.joined(separator: ", ")))\n").isEmpty, "\(help)")
  }

  @Test func noRemedyIsImpossible() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard + """

        recipe one from plain {
          length = 1ep
          method = simclr() + gh(structure: simplex(classes: 3, dimension: 8), starts: 1ep, align: .centres)
        }
        recipe start from plain {
          length = 1ep
          method = simclr() + gh(structure: simplex(classes: 3, dimension: 8), align: .centres)
        }
        """)
    for (name, wrong, right) in [("one", "starts: 0ep", "train for longer"), ("start", "starts: ", "leave `align` out")] {
      let lines = Lines()
      _ = PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path, recipes: [name])).run(lines.console)
      let help = lines.err.joined(separator: "\n").split(separator: "\n").filter { $0.hasPrefix("help:") }.joined()
      #expect(!help.contains(wrong) && help.contains(right), "\(lines.all)")
    }
  }

  // MARK: Help and README

  private static let root = Fixtures.root.appending(path: "..")
  private static let commands = [
    "run", "evaluate", "check", "test", "fmt", "plan", "diff", "runs", "embed", "verify", "bench", "doc", "explain", "lsp", "repl",
  ]

  /// What a line of a shell would pass on, as far as examples go; without what comes behind two spaces or a `#`.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    var spaces = 0
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case " ":
        spaces += 1
        if !word.isEmpty { words.append(word) }
        word = ""
        if spaces > 1 { return words }
        continue
      case "#" where word.isEmpty: return words
      default: word.append(character)
      }
      spaces = 0
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Examples are taken as command lines: whatever is wrong with them where there are no files, it is not their options.
  private func isUnderstood(_ line: String) throws -> Bool {
    var arguments = Self.words(line)
    if arguments.last == "<" || arguments.contains("<") { arguments = Array(arguments.prefix { $0 != "<" }) }
    arguments.removeFirst()
    guard let command = arguments.first else { return false }
    // Nothing is measured or served here, and all the others find no files.
    if command == "bench" { arguments = arguments.filter { $0 != "--breakdown" && $0 != "--list" } + ["--list"] }
    if ["lsp", "verify"].contains(command) || arguments.contains("--roofline") { return Self.commands.contains(command) }
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = HarmoniaProgram.url
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus != 64 && process.terminationReason == .exit
  }

  @Test(arguments: commands + [""]) func theExamplesOfHelpAreUnderstood(command: String) throws {
    let help = try HarmoniaProgram.run("help", command.isEmpty ? "run" : command)
    let page = command.isEmpty ? try HarmoniaProgram.run("--help").out : help.out
    let examples = page.split(separator: "\n").map(String.init).filter { $0.hasPrefix("  harmonia ") }
    #expect(help.status == 0 && (!examples.isEmpty || command == "lsp"))
    for example in examples {
      let line = String(example.dropFirst(2)).replacing(" \\", with: "")
      // A line that goes on in the next one is looked at where the whole of it stands: in the README.
      if example.hasSuffix("\\") || line.contains("evaluate=[") || line.hasSuffix("step-00000400.safetensors") { continue }
      if command == "embed", !line.contains("--to") { continue }
      #expect(try isUnderstood(line), "\(command): \(line)")
    }
  }

  @Test func exitStatusesAreSaid() throws {
    let help = try HarmoniaProgram.run("--help").out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for status in Experiment.ExitStatus.allCases { #expect(help.contains("\(status.rawValue) \(status.meaning)")) }
    #expect(help.contains("64 the command line is wrong"))
    #expect(try HarmoniaProgram.run("run").status == 64)
    #expect(try HarmoniaProgram.run("run", "nowhere.recipe").status == 2)
    #expect(try HarmoniaProgram.run("verify", Fixtures.url("golden").path, "--threads", "65").status == 64)
    #expect(try HarmoniaProgram.run("verify", Fixtures.url("golden").path, "--threads", "0").status == 64)
    let path = Self.root.appending(path: "Scripts/settings.recipe").path
    let outcome = try HarmoniaProgram.run("check", path, "--no-tests", "--recipe", "nobody")
    #expect(outcome.status == 2 && outcome.err.contains("has no recipe `nobody`"))
  }

  private func readme() throws -> String { try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8) }

  @Test func theCommandsOfTheReadmeAreUnderstood() throws {
    let lines = try readme().split(separator: "\n").map(String.init).filter { $0.hasPrefix("harmonia ") }
    #expect(lines.count > 12)
    for line in lines { #expect(try isUnderstood(line), "\(line)") }
  }

  /// The commands that stand in recipes, and in the README for its own, are of runs that can be: with the fields that they set
  /// there is a plan, whether the data are there or not.
  @Test func theCommandsOfRecipesCanBeRun() throws {
    let scripts = Self.root.appending(path: "Scripts")
    let files = try FileManager.default.contentsOfDirectory(atPath: scripts.path).filter { $0.hasSuffix(".recipe") }
    var lines = try files.flatMap { file in
      try String(contentsOf: scripts.appending(path: file), encoding: .utf8).split(separator: "\n")
        .filter { $0.hasPrefix("//   harmonia ") }.map { String($0.dropFirst(5)) }
    }
    #expect(lines.count > 30)
    for line in lines { #expect(try isUnderstood(line), "\(line)") }
    let text = try readme()
    let recipe = try #require(text.components(separatedBy: "```\nedition 1\n").last?.components(separatedBy: "```").first)
    let folder = try TemporaryFolder()
    try Data(("edition 1\n" + recipe).utf8).write(to: folder.file("my.recipe"))
    lines += text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("harmonia ") && $0.contains("my.recipe") }
    // Without fields of their own they are the recipes as they stand, which are run in small; and photos are nobody's.
    for line in lines where line.contains("--set") && !line.contains("/home/me") {
      var words = Self.words(line).dropFirst(2)
      var request = RecipeRequest(file: "")
      while let word = words.popFirst() {
        switch word {
        case "--set": request.overrides.append(words.popFirst() ?? "")
        case "--recipe": request.recipes.append(words.popFirst() ?? "")
        case _ where word.hasSuffix(".recipe"):
          request.file = (word == "my.recipe" ? folder.file(word) : Self.root.appending(path: word)).path
        default: break
        }
      }
      let console = Lines()
      let program = try #require(request.load(console.console), "\(line)\n\(console.all)")
      var planner = Planner(try #require(request.selection(of: program, console.console)))
      planner.allowsStandIns = true
      #expect(planner.plan(console.console) != nil, "\(line)\n\(console.all)")
    }
  }

  /// A page names limits as `--limit` takes them, and says where an example holds what cannot be shown.
  @Test func pagesNameLimitsAsTheyAreGiven() throws {
    let named = DiagnosticCode.all.compactMap { code in code.limit.map { (code, $0.name.rawValue) } }
    #expect(named.count > 6)
    for (code, limit) in named {
      for match in code.explanation.matches(of: /limit `(\w+)`/) { #expect(String(match.output.1) == limit, "\(code.id)") }
    }
    let page = try #require(DiagnosticCode.all.first { $0.id == "E0013" }).page
    #expect(page.contains("the character itself stands in the place of"))
  }

  /// Every recipe of Scripts has a row, every row a recipe; and all that train are run in small.
  @Test func theReadmesTableHasTheRecipes() throws {
    let text = try readme()
    let table = try #require(text.components(separatedBy: "| recipe in `Scripts/` |").last?.components(separatedBy: "\n\n").first)
    let named = Set(table.split(separator: "\n").dropFirst().flatMap { row in
      (row.split(separator: "|").first ?? "").matches(of: /`([a-z0-9_]+)\.recipe`/).map { String($0.output.1) }
    })
    let folder = Self.root.appending(path: "Scripts")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".recipe") }
    #expect(named == Set(files.map { String($0.dropLast(7)) }))
    let tiny = try String(contentsOf: folder.appending(path: "tiny"), encoding: .utf8)
    let list = try #require(tiny.firstMatch(of: /for name in \$\{\*:-([a-z0-9_ ]+)\}/)).output.1.split(separator: " ").map(String.init)
    #expect(Set(list) == named.subtracting(["kernels"]))
    // Scripts that it names are there.
    for match in text.matches(of: /Scripts\/([a-z0-9_\-]+(?:\.recipe)?)`/) {
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: String(match.output.1)).path), "\(match.output.0)")
    }
  }

  /// The table of modules is that of the sources.
  @Test func theReadmesMapIsTheSources() throws {
    let text = try readme()
    let map = try #require(text.components(separatedBy: "| module | holds |").last?.components(separatedBy: "\n\n").first)
    let named = Set(map.matches(of: #/\n\| `([A-Za-z]+)` /#).map { String($0.output.1) })
    let sources = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
    let modules = Set(sources.filter { !$0.hasPrefix("C") || $0 == "CKernels" })
    #expect(named == modules.union(["CKernels"]))
  }

  /// The mistake that the README shows is answered as it says.
  @Test func theReadmesMistakeIsAnsweredSo() throws {
    let block = try #require(try readme().components(separatedBy: "```\nerror[E0203]").last?.components(separatedBy: "```").first)
    let source = block.matches(of: /\n[0-9]  ?\| (.*)/).map { String($0.output.1) }.joined(separator: "\n")
    let found = Program.load(SourceFile(name: "my.recipe", text: "edition 1\n\(source)\n"), catalogue: Self.catalogue).diagnostics
    #expect(DiagnosticRenderer().text(found[0]) == "error[E0203]" + block, "\(DiagnosticRenderer().text(found))")
  }

  /// The recipe that the README shows is right, and its plan has the lines that stand there.
  @Test func theReadmesRecipeIsRight() throws {
    let text = try readme()
    let recipe = try #require(text.components(separatedBy: "```\nedition 1\n").last?.components(separatedBy: "```").first)
    let folder = try TemporaryFolder()
    let file = folder.file("my.recipe")
    try Data(("edition 1\n" + recipe).utf8).write(to: file)
    let lines = Lines()
    #expect(FormatCommand(files: [file.path], check: true).run(lines.console) == .success, "\(lines.all)")
    #expect(PlanCommand(recipe: RecipeRequest(file: file.path), withoutData: true).run(lines.console) == .success, "\(lines.all)")
    let sample = try #require(text.components(separatedBy: "```\n  precision  fast\n").last?.components(separatedBy: "```").first)
    let plan = lines.all.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    for line in sample.split(separator: "\n") where !line.contains("…") {
      let wanted = line.split(separator: " ").joined(separator: " ")
      #expect(plan.contains(wanted), "\(wanted)\n\(lines.all)")
    }
  }
}
