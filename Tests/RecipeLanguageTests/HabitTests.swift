import RecipeLanguage
import Testing

/// What people write out of habit from Python or Swift is answered by its name, with what to write instead, and causes
/// no second error.
@Suite struct HabitTests {
  static let declarations: [(String, String, String)] = [
    ("let a = True", "`True` is written `true`", "write `true`"), ("let a: Int? = None", "`None` is", "write `none`"),
    ("let a: Int? = nil", "`nil` is written `none`", "write `none`"), ("let a: Int? = null", "`null` is", "`none`"),
    ("def f(x: Int) -> Int { return x }", "`def` is written `func`", "write `func`"),
    ("fn f(x: Int) -> Int { return x }", "`fn` is written `func`", "write `func`"),
    ("var a = 1", "`var` is written `let`", "write `let`"), ("const a = 1", "`const` is written", "write `let`"),
    ("public let a = 1", "there is no `public`", "remove it"), ("class A(B):\n  x = 1\n  def f(self): pass", "`class`", "`record`"),
    ("struct A {\n  let x: Int\n}", "there is no `struct`", "a `record` declares"),
    ("import numpy as np", "`import numpy` brings in nothing", "`import \"other.recipe\" as name`"),
    ("import Foundation", "`import Foundation` brings in nothing", "remove the line"),
    ("from torch import nn", "brings in nothing", "remove the line"), ("let a = 1;", "do not end with `;`", "remove it"),
    ("let a = lambda x: x", "there is no `lambda`", "declare a `func`"),
    ("let a = max(*xs)", "cannot be unpacked", "every argument with its label"),
    ("let a = max(**kwargs)", "cannot be unpacked", "every argument with its label"),
    ("let a = true and false", "`and` is written `&&`", "write `&&`"),
    ("let a = true or false", "`or` is written `||`", "write `||`"), ("let a = not true", "`not` is", "write `!`"),
    ("let a = 1 is 1", "`is` is written `==`", "write `==`"), ("let a = 2 ** 3", "`**`", "write `pow(a, b)`"),
    ("let a = 1 in [1]", "`in` stands only in loops", "x == a || x == b"),
    ("let a = 1 not in [1]", "`in` stands only in loops", "x == a || x == b"),
    ("let a = 0..<10", "no range operators", "write `range(from, to)`"),
    ("let a = true ? 1 : 2", "there is no `? :`", "write `if condition { a } else { b }`"),
    ("let a = 1 if true else 2", "there is no `a if condition else b`", "write `if condition { a } else { b }`"),
    ("let b: Int? = 1\nlet a = b ?? 2", "there is no operator `??`", "write `if x != none { x } else { a }`"),
    ("let b: Int? = 1\nlet a = b! + 1", "there is no `!` after a value", "write `if x != none"),
    ("let b: Point? = none\nlet a = b?.x\nrecord Point { x: Int }", "there is no `?.`", "write `if x != none"),
    ("let a = 1 === 1", "there is no operator `===`", "write `==`"), ("let a := 1", "no operator `:=`", "write `=`"),
    ("let x = 0.1\nlet a = x + 0.2 == 0.3", "computed Floats is decided by the last bit", "abs(a - b) < tolerance"),
    ("let a = 1 < 2 < 3", "comparisons cannot be chained", "`a < b && b < c`"),
    ("let a = f\"x {1}\"", "strings have no prefix `f`", "values stand in `\\( )`"),
    ("let a = 'x'", "double quotation marks", "write `\"`"),
    ("let a = \"\"\"x\ny\"\"\"", "no triple quotation marks", "a string has one line"),
    ("let a = {\"x\": 1}", "does not begin with `{`", "a map is written"),
    ("let a = { x in x + 1 }", "does not begin with `{`", "no closures"),
    ("let a = (1, 2)", "there are no tuples", "write a list"), ("let a = .5", "begins with a digit", "write `0.…`"),
    ("let a = 5.", "a number ends with a digit", "write `5.0`"), ("let a = 0xFF", "not in base 16", "write `255`"),
    ("let a = [1, 2, 3][0:2]", "there are no slices", "range(from, to)"),
    ("let a = [1, 2, 3][:2]", "there are no slices", "range(from, to)"),
    ("let a = 6 & 3", "`&` has no meaning here", "write `&&`"), ("let a = 2 ^ 3", "`^` has no", "write `pow(a, b)`"),
    ("@cached\nlet a = 1", "`@` has no meaning here", "no decorators"), ("# note", "`#` does not start a comment", "`//`"),
    ("let a = len([1])", "named `len`", "write `xs.count`"), ("let a = np.zeros(3)", "named `np`", "need no libraries"),
    ("let a = self.x", "named `self`", "there are no methods"),
    ("let a = enumerate([1])", "named `enumerate`", "loop over the indices"),
    ("func f(x: int) -> Int { return x }", "there is no type `int`", "did you mean `Int`?"),
    ("func f(x: Int): Int { return x }", "follows `->`", "write `->`"),
    ("func f(x: Int) -> Int:\n  return x", "expected `{`", "not with `:` and indentation"),
    ("recipe r {\n  seed: 1\n}", "a field is written `seed = value`", "write `=`"),
    ("let a = simclr(temperature=0.2)", "arguments are written `temperature: value`", "write `:`"),
    ("let a = 7 // 2", "`//` begins a comment; it does not divide", "write `div(a, b)`"),
  ]

  static let statements: [(String, String, String)] = [
    ("if true:\n    return 1", "expected `{` before the body of the `if`", "not with `:` and indentation"),
    ("for i in range(3):\n    let b = i\n    let c = b", "expected `{` before the body of the loop", "indentation"),
    ("if x > 1 {\n  } elif x > 2 {\n  }", "`elif` is written `else if`", "write `else if`"),
    ("while x > 1 {\n    let b = 1\n  }", "there is no `while`", "loop over a finite list"),
    ("while (x > 1) {\n    let b = 1\n  }", "there is no `while`", "loop over a finite list"),
    ("try {\n    let b = 1\n  }", "there is no `try`", "no exceptions"),
    ("guard x > 1 else { return 1 }", "there is no `guard`", "write `if"),
    ("switch x {\n    case 1: 2\n  }", "there is no `switch`", "write `if"), ("pass", "there is no `pass`", "may be empty"),
    ("for i in [1] { break }", "there is no `break`", "what is wanted"), ("x += 1", "no operator `+=`", "do not change"),
    ("x++", "there is no operator `++`", "do not change"), ("x = 2", "values do not change", "write `let`"),
    ("if let b = x {\n  }", "found the word `let`", "compare with none"), ("assert x == 1", "no `assert`", "`expect`"),
    ("for (i, y) in enumerate([1]) {\n  }", "a loop has one variable", "range(xs.count)"),
    ("for i, y in enumerate([1]) {\n  }", "a loop has one variable", "range(xs.count)"),
    ("raise x", "there is no `raise`", "no exceptions"),
  ]

  @Test(arguments: declarations) func isAnswered(text: String, message: String, help: String) { check(text, message, help) }

  @Test(arguments: statements) func isAnsweredInABlock(text: String, message: String, help: String) {
    check("func f(x: Int) -> Int {\n  \(text)\n  return 0\n}", message, help)
  }

  private func check(_ text: String, _ message: String, _ help: String) {
    let diagnostics = load(text).1
    let shown = "\(text)\n\(DiagnosticRenderer().text(diagnostics))"
    #expect(diagnostics.count == 1, "\(shown)")
    #expect(diagnostics.first?.message.contains(message) == true, "\(shown)")
    #expect(diagnostics.first?.help?.contains(help) == true, "\(shown)")
  }

  /// A fix leaves text that has no error any more.
  @Test(arguments: declarations.map(\.0) + statements.map { "func f(x: Int) -> Int {\n  \($0.0)\n  return 0\n}" })
  func fixesMend(text: String) {
    guard let fix = load(text).1.first?.fix else { return }
    var bytes = Array(text.utf8)
    bytes.replaceSubrange(fix.span.lower..<fix.span.upper, with: Array(fix.replacement.utf8))
    let (_, after) = load(String(decoding: bytes, as: UTF8.self))
    #expect(!after.hasErrors, "\(String(decoding: bytes, as: UTF8.self))\n\(DiagnosticRenderer().text(after))")
  }
}
