/// Names that mean something in Python or Swift and nothing here, with what to write instead.
enum HabitualNames {
  static let help: [String: String] = {
    var help = [
      "self": "there are no methods; a `func` takes what it needs as arguments",
      "this": "there are no methods; a `func` takes what it needs as arguments",
      "super": "there are no classes; `recipe r from base { … }` builds on another recipe",
      "enumerate": "loop over the indices: `for i in range(xs.count)`, and write `xs[i]`",
      "zip": "loop over the indices: `for i in range(xs.count)`, and write `xs[i]` and `ys[i]`",
      "map": "write a comprehension: `[f(x) for x in xs]`", "filter": "write a comprehension: `[x for x in xs if …]`",
      "reduce": "`sum(xs)` adds up; a `func` with a loop does the rest",
      "len": "write `xs.count`", "int": "write `round(x)`, `floor(x)` or `ceil(x)`", "str": #"write `"\(x)"`"#,
      "dict": #"a map is written `["key": value]`"#, "list": "a list is written `[a, b]`",
      "tuple": "a list is written `[a, b]`; a `record` holds values of different types",
      "random": "a recipe means the same every time: it has seeds, and no random numbers of its own",
      "open": "recipes read no files; tests and tasks do, by the functions of the host",
      "input": "a recipe asks nothing; `--set path=value` changes it from outside",
      "inf": "numbers are finite; leave out what has no bound", "nan": "numbers are finite; what is not there is `none`",
    ]
    for library in ["np", "numpy", "torch", "tf", "jax", "math", "os", "sys", "pd", "plt", "Foundation"] {
      help[library] = "recipes need no libraries; `sqrt`, `exp`, `log`, `min` and the like are there without"
    }
    return help
  }()
}
