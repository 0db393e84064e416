import RecipeLanguage

/// Prints diagnostics for people, or one JSON object a line for editors.
struct DiagnosticPrinter {
  var json = false

  func print(_ diagnostics: [Diagnostic], to console: Console) {
    for diagnostic in diagnostics {
      if json {
        console.out(diagnostic.json)
      } else {
        console.err(diagnostic.rendered(color: console.isTerminal))
      }
    }
  }

  /// The last line under a list of errors.
  func printCount(_ diagnostics: [Diagnostic], to console: Console) {
    let errors = diagnostics.filter { $0.severity == .error }.count
    if errors > 0, !json { console.err("\(errors) error\(errors == 1 ? "" : "s"); nothing was started") }
  }
}
