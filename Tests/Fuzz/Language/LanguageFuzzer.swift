import Experiment
import RecipeLanguage

/// Scanner, parser, checker, evaluator, renderer and formatter on any bytes: whatever they are, there is an answer.
/// Built and run by Scripts/fuzz.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLanguage(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  let source = SourceFile(name: "fuzz.recipe", bytes: bytes)
  let (program, diagnostics) = Program.load(source, catalogue: RecipeCatalogue.shared, limits: .untrusted)
  precondition((program == nil) == diagnostics.hasErrors, "a program, or an error")
  _ = DiagnosticRenderer(usesColor: true).text(diagnostics)
  _ = DiagnosticRenderer().json(diagnostics)
  // Tests compute with kernels, which are not looked at here: they may only print.
  for test in program?.tests ?? [] { _ = program?.run(test, granting: [.output]) }
  for recipe in program?.recipes ?? [] {
    let again = Program.load(SourceFile(name: "again.recipe", text: recipe.source), catalogue: RecipeCatalogue.shared)
    precondition(again.program?.recipes.first?.identity == recipe.identity, "a resolved recipe is a recipe:\n\(recipe.source)")
  }

  switch RecipeFormatter.format(source, limits: .untrusted) {
  case .invalid(let diagnostics): precondition(diagnostics.hasErrors)
  case .refused(let reason): preconditionFailure("the formatter refused: \(reason)")
  case .formatted(let text):
    let again = RecipeFormatter.format(SourceFile(name: "again.recipe", text: text)).text
    precondition(again == text, "not idempotent:\n\(text)\n=>\n\(again ?? "nothing")")
  }
  return 0
}
