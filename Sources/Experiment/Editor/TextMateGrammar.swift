import RecipeLanguage

/// The colours of recipes for editors that read TextMate grammars: made of the language's words and the catalogue, so
/// that a new word is coloured as soon as it exists.
public struct TextMateGrammar: Sendable {
  private let catalogue: Catalogue

  public init(_ catalogue: Catalogue = RecipeCatalogue.shared) { self.catalogue = catalogue }

  /// The grammar as a `.tmLanguage.json` file.
  public var text: String { json.document + "\n" }

  var json: JSONValue {
    .object([
      "$schema": .string("https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json"),
      "comment": .string("Made from the words of recipes; do not edit. To make it anew: harmonia doc --grammar"),
      "name": .string("Recipe"), "scopeName": .string("source.recipe"), "fileTypes": .strings(["recipe"]),
      "patterns": include(["all"]),
      "repository": .object([
        "all": .object(["patterns": include(Self.order)]),
        "comments": comments, "nested": nestedComment, "strings": strings, "numbers": numbers, "declarations": declarations,
        "keywords": keywords, "labels": labels, "members": members, "words": words, "types": types,
        "operators": operators,
      ]),
    ])
  }

  /// Earlier patterns come first where two begin at the same place.
  private static let order = [
    "comments", "strings", "numbers", "members", "labels", "declarations", "keywords", "words", "types", "operators",
  ]

  private func include(_ names: [String]) -> JSONValue {
    .array(names.map { .object(["include": .string("#\($0)")]) })
  }

  private func match(_ expression: String, _ scope: String = "", captures: [String] = []) -> JSONValue {
    let rule: JSONValue = .object(["match": .string(expression)])
    if captures.isEmpty { return rule.adding(["name": .string(scope + ".recipe")]) }
    let fields = captures.enumerated().map {
      JSONValue.Field("\($0.offset + 1)", .object(["name": .string($0.element + ".recipe")]))
    }
    return rule.adding(["captures": .object(fields)])
  }

  private func group(_ patterns: [JSONValue]) -> JSONValue { .object(["patterns": .array(patterns)]) }

  /// One of the words, longest first, so that none hides a longer one.
  private func any(_ words: some Sequence<String>) -> String {
    let sorted = Set(words).sorted { $0.count != $1.count ? $0.count > $1.count : $0 < $1 }
    return "(?:" + sorted.map { $0.replacing("%", with: "\\%") }.joined(separator: "|") + ")"
  }

  // MARK: Text

  private var comments: JSONValue {
    group([
      match("///.*$", "comment.line.documentation"), match("//.*$", "comment.line.double-slash"),
      nestedComment,
    ])
  }

  /// `/* … */`, in which others may stand.
  private var nestedComment: JSONValue {
    .object([
      "name": .string("comment.block.recipe"), "begin": .string("/\\*"), "end": .string("\\*/"),
      "patterns": include(["nested"]),
    ])
  }

  private var strings: JSONValue {
    group([
      .object([
        "name": .string("string.quoted.double.recipe"), "begin": .string("\""), "end": .string("\"|$"),
        "patterns": .array([
          .object([
            "name": .string("meta.interpolation.recipe"), "begin": .string("\\\\\\("), "end": .string("\\)|$"),
            "beginCaptures": .object(["0": .object(["name": .string("punctuation.section.interpolation.begin.recipe")])]),
            "endCaptures": .object(["0": .object(["name": .string("punctuation.section.interpolation.end.recipe")])]),
            "patterns": .array([parentheses, .object(["include": .string("#all")])]),
          ]),
          match("\\\\(?:[ntr\"\\\\]|u\\{[0-9a-fA-F]+\\})", "constant.character.escape"),
          match("\\\\.", "invalid.illegal.escape"),
        ]),
      ])
    ])
  }

  /// Brackets within an interpolation, so that the first `)` does not end it.
  private var parentheses: JSONValue {
    .object([
      "begin": .string("\\("), "end": .string("\\)|$"), "patterns": .array([.object(["include": .string("#all")])]),
    ])
  }

  private var numbers: JSONValue {
    let units = any(Unit.all.map(\.suffix).filter { $0 != "%" })
    return group([
      match(
        "\\b([0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][-+]?[0-9]+)?)(\(units)\\b|%)?(?![A-Za-z0-9_])", captures: ["constant.numeric", "keyword.other.unit"])
    ])
  }

  // MARK: Words

  private static let values: Set<String> = ["true", "false", "none"]

  private var declarations: JSONValue {
    group([
      match("^\\s*(edition)\\b", captures: ["keyword.control"]),
      match(
        "\\b(let|func|enum|record|recipe|sweep|task)\\s+([A-Za-z_][A-Za-z0-9_]*)", captures: ["keyword.declaration", "entity.name"]),
      match("^\\s*(axis)\\s+([A-Za-z_][A-Za-z0-9_.]*)", captures: ["keyword.declaration", "variable.other"]),
    ])
  }

  private var keywords: JSONValue {
    group([
      match("\\b\(any(Keyword.declarations))\\b", "keyword.declaration"),
      match("\\b\(any(Self.values))\\b", "constant.language"),
      match(
        "\\b\(any(Keyword.reserved.union(Keyword.contextual).subtracting(Keyword.declarations).subtracting(Self.values)))\\b",
        "keyword.control"),
    ])
  }

  private var labels: JSONValue {
    group([match("\\b([A-Za-z_][A-Za-z0-9_]*)(:)", captures: ["variable.parameter", "punctuation.separator"])])
  }

  /// `.cifar`, `.long_tail(…)`, and fields of values.
  private var members: JSONValue {
    let known = catalogue.enums.values.flatMap { $0.members.map(\.name) } + catalogue.members.values.flatMap(\.keys)
    return group([
      match("(\\.)(\(any(catalogue.methods.keys)))(?=\\s*\\()", captures: ["punctuation.accessor", "support.function"]),
      match("(?<![A-Za-z0-9_)\\]])(\\.\(any(known)))\\b", captures: ["constant.other.member"]),
      match("(\\.)([A-Za-z_][A-Za-z0-9_]*)", captures: ["punctuation.accessor", "variable.other.member"]),
    ])
  }

  private var types: JSONValue {
    let known = Keyword.types.union(catalogue.enums.keys).union(catalogue.kinds.keys).union(catalogue.hostTypes.keys)
    return group([match("\\b\(any(known))\\b", "support.type")])
  }

  private var words: JSONValue {
    let fields = catalogue.recipe.fields.map(\.name)
    let functions = Array(catalogue.functions.keys) + Builtins.names
    return group([
      match("^\\s*(\(any(fields)))(?=[\\w.]*\\s*=(?!=))", captures: ["variable.other.field"]),
      match("\\b\(any(catalogue.constructors.keys))(?=\\s*\\()", "support.class"),
      match("\\b\(any(functions))(?=\\s*\\()", "support.function"),
      match("\\b[A-Za-z_][A-Za-z0-9_]*(?=\\()", "entity.name.function"),
    ])
  }

  private var operators: JSONValue {
    group([match("->|==|!=|~=|<=|>=|&&|\\|\\||[-+*/%<>=!?]", "keyword.operator")])
  }
}
