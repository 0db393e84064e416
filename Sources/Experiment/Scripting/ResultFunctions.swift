import RecipeLanguage

/// What tasks do with the results of recipes and sweeps.
extension RecipeCatalogue {
  static func addResultFunctions(to catalogue: inout Catalogue) {
    catalogue.add(
      HostTypeDefinition(
        results, doc: "What a recipe or a sweep came to: a run each, with its axes and scores.",
        properties: [
          .init("count", .int, doc: "How many runs are done.") { .int(read($0).entries.count { $0.result != nil }) },
          .init("total", .int, doc: "How many runs there are, done or not.") { .int(read($0).entries.count) },
        ],
        describe: { "Results \(read($0).name), \(read($0).entries.count { $0.result != nil }) of \(read($0).entries.count) runs" }))
    catalogue.add(
      HostTypeDefinition(
        table, doc: "Scores by the values of axes; `print` shows it, `save_table` writes it.",
        describe: { ($0.object as? PivotTable)?.text ?? "" }))
    catalogue.resultType = .host(results)
    for definition in resultFunctions { catalogue.add(definition) }
    catalogue.add(
      OperatorDefinition(
        "+", .host(results), .host(results), result: .host(results),
        doc: "The runs of both; the axis `recipe`, with the names of recipes and sweeps, tells them apart.",
        .function(effects: []) { left, right in
          guard let a: RunResults = left.hostObject(), let b: RunResults = right.hostObject() else {
            throw CallError("`+` takes two results")
          }
          return value(
            RunResults(
              name: "\(a.name) + \(b.name)", axes: (a.axes + b.axes).uniqued(), entries: a.entries + b.entries,
              folder: a.folder, shelf: a.shelf, part: (a.part + b.part).uniqued()))
        }))
  }

  private static let results = "Results"
  private static let table = "Table"

  /// Results as a value of the language.
  static func value(_ results: RunResults) -> Value { .host(HostValue(type: self.results, results)) }

  private static func read(_ value: HostValue) -> RunResults {
    guard let results = value.object as? RunResults else { preconditionFailure("not results: \(value.type)") }
    return results
  }

  private static let given = FieldDefinition(
    "results", .host(results), positional: true, doc: "What a task needs: the name of a recipe or sweep.")
  private static let scoreNames =
    "`average`, `many`, `medium`, `few`, `std`, `top1`, `knn`, `inter_class`, `neighbourhood`, `least_share` or `loss`; "
    + "`linear_probe_100shot.average` of a further probe"
  private static let score = FieldDefinition(
    "value", .string, default: .value("average"), positional: true, doc: "The score: \(scoreNames).")

  private static let resultFunctions = [
    FunctionDefinition(
      "pivot", doc: "A table of scores, as mean ± std over the axes that are neither rows nor columns.",
      parameters: [
        given,
        FieldDefinition(
          "rows", .oneOf([.string, .list(.string)]), aliases: ["index", "by"],
          doc: "The axis, or axes, of the rows: `\"method.temperature\"`, or `\"recipe\"`."),
        FieldDefinition("columns", .optional(.string), doc: "The axis of the columns; a column a score if left out."),
        FieldDefinition(
          "value", .optional(.string), aliases: ["values", "score"],
          doc: "The score: \(scoreNames). If left out, `average` with `columns` and all without."),
        FieldDefinition(
          "published", .map(.string), default: .source("[:]"), aliases: ["beside", "reference"],
          doc: "What is to stand beside the cells, by row and column as the table writes them: `[\"100 .simclr true\": \"53.96\"]`."),
      ], result: .host(table)
    ) { arguments, _ in
      let results: RunResults = arguments.host("results")
      let rows = arguments["rows"].stringValue.map { [$0] } ?? arguments.list("rows").compactMap(\.stringValue)
      let made = try PivotTable(
        results, rows: rows, columns: arguments["columns"].stringValue, value: arguments["value"].stringValue,
        published: Dictionary(
          (arguments["published"].mapValue ?? []).compactMap { entry in entry.value.stringValue.map { (entry.key, $0) } },
          uniquingKeysWith: { first, _ in first }))
      results.shelf?.add(made)
      return .host(HostValue(type: table, made))
    },
    FunctionDefinition(
      "mean", doc: "The mean of a score over all runs that are done.", parameters: [given, score], result: .float
    ) { arguments, _ in .float(try spread(arguments).mean) },
    FunctionDefinition(
      "std", doc: "The sample standard deviation of a score over all runs that are done; 0 for one.",
      parameters: [given, score], result: .float
    ) { arguments, _ in .float(try spread(arguments).deviation ?? 0) },
    FunctionDefinition(
      "scores", doc: "A score of each run that is done, in the sweep's order.", parameters: [given, score],
      result: .list(.float)
    ) { arguments, _ in
      let results: RunResults = arguments.host("results")
      return .list(try results.values(arguments.string("value")).map { .float($0) })
    },
    FunctionDefinition(
      "only", doc: "The runs with one value on an axis.",
      parameters: [
        given, FieldDefinition("axis", .string, doc: "The axis, or `\"recipe\"`."),
        FieldDefinition("equals", .any, doc: "The value."),
      ], result: .host(results)
    ) { arguments, _ in
      var results: RunResults = arguments.host("results")
      let axis = try results.axis(arguments.string("axis"), argument: "axis")
      let wanted = axis == "recipe" ? arguments["equals"].stringValue ?? "" : arguments["equals"].canonicalText
      results.entries = results.entries.filter { $0.text(axis) == wanted }
      guard !results.entries.isEmpty else {
        throw CallError("no run has \(wanted) on the axis `\(axis)`", code: PlanCode.table, argument: "equals")
      }
      results.part.append("\(axis) \(wanted)")
      return value(results)
    },
    FunctionDefinition(
      "save_table", doc: "Writes a table as Markdown (.md) or CSV (.csv), below the run's folder.",
      parameters: [
        FieldDefinition("table", .host(table), positional: true, doc: "What `pivot` made."),
        FieldDefinition(
          "path", .string, positional: true, doc: "The file, relative to the run's folder.",
          constraint: { value in
            let name = value.stringValue ?? ""
            return name.hasSuffix(".md") || name.hasSuffix(".csv") ? nil : "should end in .md or .csv"
          }),
      ], result: .nothing, effects: [.write]
    ) { arguments, context in
      let made: PivotTable = arguments.host("table")
      if let url = try made.save(arguments.string("path")) { context.output("table: \(url.relativePath)\n") }
      return .none
    },
  ]

  private static func spread(_ arguments: Arguments) throws -> Spread {
    let results: RunResults = arguments.host("results")
    let values = try results.values(arguments.string("value"))
    if let spread = Spread(values) { return spread }
    // Before the first run nothing has a score; that is no mistake of the recipe.
    if results.folder == nil { return Spread(one: 0) }
    throw CallError("no run of `\(results.name)` has the score `\(arguments.string("value"))`", argument: "value")
  }
}
