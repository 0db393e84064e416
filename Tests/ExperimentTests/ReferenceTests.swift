import DataPipeline
import Evaluation
import Experiment
import Foundation
import Kernels
import NeuralNet
import RecipeLanguage
import TestSupport
import Testing

/// The reference page is what the catalogue says, and the catalogue what the Swift types say.
@Suite struct ReferenceTests {
  @Test func thePageIsNotStale() throws {
    let file = Fixtures.root.deletingLastPathComponent().appending(path: "Sources/Experiment/Catalogue/REFERENCE.md")
    let page = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    let (old, new) = (page.split(separator: "\n"), DocCommand.page.split(separator: "\n"))
    let difference = zip(old, new).first { $0 != $1 }.map { "page: \($0)\nnow:  \($1)" } ?? "\(old.count) and \(new.count) lines"
    #expect(
      page == DocCommand.page,
      """
      The reference page differs from the catalogue. To make it anew:
      harmonia doc --markdown > Sources/Experiment/Catalogue/REFERENCE.md
      \(difference)
      """)
  }

  // MARK: Swift types and the records that stand for them

  struct Pair: CustomTestStringConvertible, Sendable {
    /// The constructor, or function, of recipes.
    let word: String
    /// Names of its fields with their defaults as recipes write them; nil for a required one.
    let fields: [String: String?]
    /// Properties of the Swift type with their defaults as a recipe would write them.
    let properties: [String: String]
    /// Properties with another name in recipes.
    let renamed: [String: String]
    /// Properties that recipes have not, and fields that the type has not; each with the reason.
    let apart: [String: String]
    var testDescription: String { word }

    init(
      _ word: String, in kind: String? = nil, _ value: Any, renamed: [String: String] = [:], apart: [String: String] = [:]
    ) {
      let reference = Glossary(RecipeCatalogue.shared)
      let entry = reference.topics.first { kind == nil || $0.title == kind }.flatMap { first in
        (kind == nil ? reference.entries : first.entries).first { $0.name == word }
      }
      self.word = kind.map { "\($0).\(word)" } ?? word
      fields = Dictionary(
        uniqueKeysWithValues: (entry?.rows ?? []).map { ($0.name, $0.defaultValue == "required" ? nil : $0.defaultValue) })
      properties = Dictionary(
        uniqueKeysWithValues: Mirror(reflecting: value).children.compactMap { child in
          child.label.map { ($0, Self.written(child.value)) }
        })
      (self.renamed, self.apart) = (renamed, apart)
    }

    /// A Swift value as a recipe writes it.
    private static func written(_ value: Any) -> String {
      let mirror = Mirror(reflecting: value)
      if mirror.displayStyle == .optional { return mirror.children.first.map { written($0.value) } ?? "none" }
      if mirror.displayStyle == .enum { return ".\(value)" }
      if let range = value as? ClosedRange<Double> { return "\(range.lowerBound)" }
      if let number = value as? Float { return "\(number)" }
      return "\(value)"
    }
  }

  static let pairs: [Pair] = [
    Pair(
      "sinkhorn", in: "Other records", Sinkhorn.Options(),
      apart: ["require_convergence": "what training does with a result that has not converged"]),
    Pair(
      "sinkhorn", in: "Functions for tests and tasks", Sinkhorn.Options(),
      apart: ["tolerance": "scripts run all iterations", "scores": "the input", "prior": "the input"]),
    Pair(
      "nt_xent", try! NTXent(), renamed: ["focalGamma": "gamma"], apart: ["z1": "the input", "z2": "the input"]),
    Pair(
      "linear_probe", LinearProbe.Options(),
      renamed: ["rate": "lr", "finalRate": "final_lr", "weightDecay": "weight_decay"],
      apart: [
        "seed": "the recipe's", "groups": "how accuracies are reported", "train": "which images it learns from",
        "neighbours": "another measurement beside it", "shots": "how many images it learns from",
        "source": "another data set",
      ]),
    Pair(
      "nearest_neighbours", NearestNeighbours.Options(), renamed: ["neighbours": "k"],
      apart: ["groups": "how accuracies are reported", "train": "which images it learns from",
        "shots": "how many images it learns from", "source": "another data set"]),
    Pair("resnet", ResNet.Configuration(), apart: ["inputChannels": "those of the images"]),
    Pair(
      "mlp", ContrastiveModel.Configuration(encoder: ResNet.Configuration()), renamed: ["projection": "output"],
      apart: ["encoder": "the backbone", "hasPrunedBranch": "what `sdclr` asks for"]),
    Pair(
      "encoder", ConvolutionChoice(), renamed: ["algorithm": "convolution"],
      apart: ["backbone": "a record of its own", "projector": "a record of its own"]),
    Pair(
      "simclr", in: "Augment", Augmentation(size: 32), renamed: ["area": "min_area"],
      apart: [
        "aspect": "as published", "brightness": "scaled by `strength`", "contrast": "scaled by `strength`",
        "saturation": "scaled by `strength`", "hue": "scaled by `strength`", "blurDeviation": "as published",
        "strength": "scales the four jitters",
      ]),
    Pair(
      "folder", ImageFolderSource.Options(),
      apart: [
        "check": "always decoded", "decoder": "made for the size of the views", "cacheBytes": "the host's",
        "classNames": "those of the training folder", "path": "where it is", "test": "where the test images are",
        "max_pixels": "the decoder's",
      ]),
  ]

  @Test(arguments: pairs) func aSwiftTypeAndItsRecordAgree(pair: Pair) {
    #expect(!pair.fields.isEmpty, "the reference has no \(pair.word)")
    var matched: Set<String> = []
    for (property, value) in pair.properties where pair.apart[property] == nil {
      let name = pair.renamed[property] ?? property
      matched.insert(name)
      guard let field = pair.fields[name] else {
        Issue.record("\(pair.word) has no field `\(name)` for the Swift property `\(property)`")
        continue
      }
      if let written = field {
        let isSame = written == value || Double(written).map { $0 == Double(value) } == true
        #expect(isSame, "\(pair.word).\(name) is \(written) in recipes, \(value) in Swift")
      }
    }
    let strangers = Set(pair.fields.keys).subtracting(matched).subtracting(pair.apart.keys)
    #expect(strangers.isEmpty, "\(pair.word): no Swift property for \(strangers)")
    let gone = pair.apart.keys.filter { pair.fields[$0] == nil && pair.properties[$0] == nil }
    #expect(gone.isEmpty, "\(pair.word): neither side has \(gone)")
  }

  static let enums: [(String, [String])] = [
    ("Stem", ResNet.Configuration.Stem.allCases.map(\.rawValue)),
    ("Block", ResNet.Configuration.Block.allCases.map(\.rawValue)),
    ("Precision", Convolution.Precision.allCases.map(\.rawValue)),
    ("ConvolutionAlgorithm", Convolution.Algorithm.allCases.map(\.rawValue)),
    ("Interpolation", Image.Interpolation.allCases.map(\.rawValue)),
    ("Profile", LongTailProfile.Kind.allCases.filter { $0 != .none }.map(\.rawValue)),
  ]

  @Test(arguments: enums) func aSwiftEnumAndItsMembersAgree(name: String, cases: [String]) {
    let entries = Glossary(RecipeCatalogue.shared).entries(for: name)
    #expect(entries.count == 1)
    #expect(Set(entries.flatMap { $0.rows.map(\.name) }) == Set(cases.map { "." + $0 }), "\(name)")
  }

  @Test func everyWordIsDocumented() {
    for entry in Glossary(RecipeCatalogue.shared).entries {
      #expect(!entry.doc.isEmpty, "\(entry.form) says nothing")
      for row in entry.rows where row.doc.isEmpty && !row.type.isEmpty {
        // Operands of a kernel are what its sentence speaks of.
        #expect(entry.kind == "function", "\(entry.form): \(row.name) says nothing")
      }
    }
  }
}

/// `harmonia doc`.
@Suite struct DocCommandTests {
  private func doc(_ word: String?) -> (Experiment.ExitStatus, Lines) {
    let lines = Lines()
    return (DocCommand(word: word).run(lines.console), lines)
  }

  @Test(arguments: [
    ("gh", "Geometric Harmonization"), ("gh.starts", "When the term begins"), (".simclr", "min_area"),
    ("simclr", "NT-Xent"), ("temperature", "softmax"), ("recipe", "seed"), ("Stem", ".imagenet"), ("cifar", "stride 1"),
    ("ep", "passes over the training images"), ("%", "Hundredths"), ("then", "segments of a schedule"),
    ("cosine", "Half a cosine"), ("sqrt", "square root"), ("matmul", "effects: compute"), ("write", "Writes files"),
    ("Tensor", "float32"), ("long_tail", "source.long_tail(…)"), ("+", "Adds GH's loss"), ("SGD", "sgd(…)"),
    ("T?", "or `none`"), ("simplex", "rule: classes ≤ dimension + 1"), ("learning_rate", ""),
  ])
  func aWordIsExplained(word: String, text: String) {
    let (status, lines) = doc(word)
    if text.isEmpty {
      #expect(status == .failedCheck && lines.all.contains("did you mean `lr`?"), "\(lines.all)")
    } else {
      #expect(status == .success && lines.all.contains(text), "\(word)\n\(lines.all)")
      #expect(lines.out.joined(separator: "\n").split(separator: "\n").allSatisfy { $0.count <= 120 })
    }
  }

  @Test func aFieldHasTypeUnitRangeDefaultAndAliases() {
    let (_, lines) = doc("gh.starts")
    #expect(
      lines.out == [
        """
        gh(…) → Harmonization  (record)
          Geometric Harmonization (Zhou et al., NeurIPS 2023): each view predicts the surrogate label of the
          other.

          starts  training time (ep, step, img), at least 0, default 0ep
                  When the term begins; a whole number of epochs. Before that the prior is estimated
                  already.
                  known elsewhere as warm_up, warmup
        """
      ], "\(lines.all)")
  }

  @Test func aMisspeltWordIsGuessed() {
    let (status, lines) = doc("simplx")
    #expect(status == .failedCheck)
    #expect(lines.err == ["error: recipes have no word `simplx`; did you mean `simplex`?"])
    #expect(doc("qqqqqq").1.err[0].contains("`harmonia doc` lists them"))
  }

  @Test func theListHasEveryTopic() {
    let (status, lines) = doc(nil)
    #expect(status == .success)
    for title in ["Fields of a recipe", "Method", "Enums", "Functions for tests and tasks", "Schedules", "Units", "Keywords"] {
      #expect(lines.all.contains(title), "\(title)")
    }
  }

  @Test func coloursAreForTerminals() {
    let lines = Lines()
    let console = lines.terminal
    #expect(DocCommand(word: "gh").run(console) == .success)
    #expect(lines.all.contains("\u{1B}[1mgh(…)"))
    #expect(!doc("gh").1.all.contains("\u{1B}"))
  }

  @Test func codesAreExplainedWithTheirExamples() {
    let lines = Lines()
    #expect(ExplainCommand(topic: "e0203").run(lines.console) == .success)
    #expect(lines.all.contains("Mended:") && lines.all.contains("    let a = simclr(temperature: 0.2)"))
    #expect(ExplainCommand(topic: "E9999").run(Lines().console) == .failedCheck)
    #expect(ExplainCommand(topic: "gh").run(Lines().console) == .success)
    let index = Lines()
    #expect(ExplainCommand(topic: nil).run(index.console) == .success)
    #expect(index.all.contains("E1001") && index.all.contains("E0203"))
  }
}
