/// Something that is declared in a file: whatever has a name the user chose.
enum Declared {
  /// A top-level declaration, by its index in the checker; nil where another one took the name first.
  case global(Declaration, Int?)
  /// The name of an imported file.
  case file(Name, path: String)
  case parameter(ParameterSyntax, of: Name)
  case field(ParameterSyntax, of: Name)
  case member(Name, of: Name)
  case variable(Recorder.Local)

  /// Everything that is declared in these files, by the place of its name.
  static func all(_ checker: Checker, _ recorder: Recorder, _ modules: [Module]) -> [Recorder.Place: Declared] {
    var all: [Recorder.Place: Declared] = [:]
    for local in recorder.locals.values { all[Recorder.Place(local.span)] = .variable(local) }
    for (index, global) in checker.globals.enumerated() {
      let declaration = global.declaration
      let name = declaration.name
      all[Recorder.Place(name.span)] = .global(declaration, index)
      switch declaration.kind {
      case .function(let parameters, _, _):
        for parameter in parameters { all[Recorder.Place(parameter.name.span)] = .parameter(parameter, of: name) }
      case .record(let fields):
        for field in fields { all[Recorder.Place(field.name.span)] = .field(field, of: name) }
      case .enumeration(let members):
        for member in members { all[Recorder.Place(member.span)] = .member(member, of: name) }
      default: break
      }
    }
    for module in modules {
      for declaration in module.tree.declarations {
        guard case .imported(let path) = declaration.kind else { continue }
        all[Recorder.Place(declaration.name.span)] = .file(declaration.name, path: path.text)
      }
    }
    return all
  }
}
