/// What the words of the language itself mean. The reference shows them beside the host's words; completion and hover
/// may.
enum LanguageWords {
  struct Word {
    let name: String
    let doc: String
    let example: String
  }

  static let keywords: [Word] = [
    Word(
      name: "edition", doc: "Which edition of the language the file is written in; the first line, if at all.",
      example: "edition 1"),
    Word(name: "let", doc: "A name for a value. Values never change.", example: "let peak = 0.5"),
    Word(
      name: "func", doc: "A pure function. Functions do not call themselves, so that every recipe comes to an end.",
      example: "func half(_ x: Float) -> Float { x / 2.0 }"),
    Word(
      name: "return", doc: "The result of a function; a body of one expression needs none.",
      example: "func f(x: Int) -> Int {\n  if x > 9 { return 9 }\n  return x\n}"),
    Word(name: "enum", doc: "A type of names, written `.name`.", example: "enum Size { small, large }"),
    Word(
      name: "record", doc: "A type with fields; its name makes values of it.",
      example: "record Cut {\n  /// pixels\n  size: Int = 32\n  share: Float\n}\nlet cut = Cut(share: 0.5)"),
    Word(
      name: "recipe", doc: "A training run: fields and their values, checked as a whole.",
      example: "recipe small from base {\n  length = 10ep\n  optimizer.lr = 0.05\n}"),
    Word(name: "from", doc: "The recipe that a recipe or sweep builds on.", example: "recipe b from a {\n}"),
    Word(
      name: "sweep", doc: "A recipe with axes: every combination of their values is a run.",
      example: "sweep grid from base {\n  axis seed in [0, 1, 2]\n  axis optimizer.lr in [0.1, 0.2]\n}"),
    Word(
      name: "axis", doc: "In a sweep: a field and its values, or a name that the lines of the sweep use.",
      example: "axis big in [true, false]"),
    Word(
      name: "skip", doc: "In a sweep, with `when`: combinations that are left out.",
      example: "skip when seed > 0 && optimizer.lr < 0.15"),
    Word(name: "when", doc: "See `skip`.", example: "skip when seed > 0"),
    Word(
      name: "task", doc: "Statements that run when what the task needs is there; it may write and print.",
      example: "task report needs grid {\n  print(\"done\")\n}"),
    Word(name: "needs", doc: "The recipes, sweeps and tasks that a task waits for.", example: "task t needs a, b {\n}"),
    Word(
      name: "test", doc: "Statements that say what they expect; `harmonia test` runs them.",
      example: "test \"sums\" {\n  expect 1 + 1 == 2\n}"),
    Word(
      name: "expect", doc: "In a test or task: a condition that has to hold.",
      example: "expect loss < 1.0\nexpect a ~= b within 1e-6\nexpect fails \"E0401\" { let a = sgd(lr: -1) }"),
    Word(name: "within", doc: "The greatest difference that `~=` allows.", example: "expect a ~= b within 1e-6"),
    Word(
      name: "fails", doc: "After `expect`: the block has to fail with this code.",
      example: "expect fails \"E0404\" { let a = 1 / 0 }"),
    Word(
      name: "import", doc: "Another recipe file under a name; beside the main file or below it.",
      example: "import \"shared/base.recipe\" as shared\nrecipe r from shared.base {\n}"),
    Word(name: "as", doc: "The name of an import.", example: "import \"other.recipe\" as other"),
    Word(
      name: "if", doc: "A choice between values (with `else`) or statements. After `x != none`, `x` has its value.",
      example: "let batch = if big { 512 } else { 64 }"),
    Word(name: "else", doc: "The other branch of `if`.", example: "if a { b } else if c { d } else { e }"),
    Word(
      name: "for", doc: "A loop over a finite list, or a comprehension.",
      example: "let squares = [x * x for x in range(10) if x % 2 == 0]"),
    Word(name: "in", doc: "The list of a loop or axis.", example: "for x in [1, 2, 3] {\n}"),
    Word(name: "true", doc: "A truth value.", example: "let a = true"),
    Word(name: "false", doc: "A truth value.", example: "let a = false"),
    Word(name: "none", doc: "The absent value of an optional type `T?`.", example: "let limit: Int? = none"),
    Word(
      name: "then", doc: "Joins the segments of a schedule.",
      example: "ramp(0 -> 0.5, over: 10ep) then cosine(0.5 -> 1e-6)"),
    Word(name: "with", doc: "A copy of a record with some fields changed.", example: "let b = a with { lr = 0.2 }"),
  ]

  static let types: [Word] = [
    Word(name: "Bool", doc: "`true` or `false`. Nothing else is a condition.", example: "let a: Bool = 1 < 2"),
    Word(name: "Int", doc: "A whole number of 64 bits; what does not fit is an error.", example: "let a: Int = 1_000"),
    Word(
      name: "Float", doc: "A number of double precision, always finite. A whole number in digits becomes one.",
      example: "let a: Float = 5e-4"),
    Word(
      name: "String", doc: "Text on one line; `\\( )` shows a value in it.", example: "let a: String = \"run \\(3)\""),
    Word(name: "[T]", doc: "A list of values of one type.", example: "let a: [Int] = [1, 2, 3]"),
    Word(
      name: "[String: T]", doc: "A map from text to values of one type, in the order written.",
      example: "let a: [String: Float] = [\"x\": 0.5]"),
    Word(name: "T?", doc: "A value of type T or `none`.", example: "let a: Int? = none"),
    Word(
      name: "Schedule", doc: "A Float that follows training time.", example: "let a: Schedule = ramp(0 -> 1, over: 5ep)"),
    Word(name: "Time", doc: "Training time: epochs, steps or images.", example: "let a: Time = 500ep"),
    Word(name: "Duration", doc: "Wall-clock time.", example: "let a: Duration = 15min"),
    Word(name: "Bytes", doc: "An amount of memory or disk.", example: "let a: Bytes = 4GiB"),
    Word(name: "Percent", doc: "A share.", example: "let a: Percent = 10%"),
  ]

  static let effects: [(effect: Effect, doc: String)] = [
    (.compute, "Works on values of the host, such as tensors; leaves no trace outside."), (.read, "Reads files."),
    (.write, "Writes files."), (.output, "Prints."),
  ]

  static let units: [String: String] = [
    "ep": "Epochs: passes over the training images.", "step": "Steps of the optimiser.", "img": "Images seen.",
    "%": "Hundredths.", "ms": "Milliseconds.", "s": "Seconds.", "min": "Minutes.", "h": "Hours.", "B": "Bytes.",
    "KiB": "1024 bytes.", "MiB": "1024 KiB.", "GiB": "1024 MiB.",
  ]
}
