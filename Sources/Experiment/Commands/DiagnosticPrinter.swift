import RecipeLanguage

/// Prints diagnostics for people on `err`, or one JSON object a line for editors on `out`.
struct DiagnosticPrinter {
  var json = false

  func print(_ diagnostics: [Diagnostic], to console: Console) {
    guard !diagnostics.isEmpty else { return }
    let renderer = DiagnosticRenderer(usesColor: console.isTerminal && !json)
    if json {
      for diagnostic in diagnostics { console.out(renderer.json(diagnostic)) }
    } else {
      // The console ends each line itself.
      console.styledErr(String(renderer.text(diagnostics).dropLast()))
    }
  }
}
