extension Checker {
  /// Gives every top-level name its index and reports names declared twice.
  func declare(_ module: Module) {
    for declaration in module.tree.declarations {
      let name = declaration.name.text
      switch declaration.kind {
      case .imported: continue
      case .test:
        globals.append(Global(declaration: declaration, module: module))
        continue
      default: break
      }
      let index = globals.count
      globals.append(Global(declaration: declaration, module: module))
      if let first = module.names[name] {
        sink.report(
          .duplicateName, "`\(name)` is declared already", at: declaration.name.span,
          secondary: [Diagnostic.Label(globals[first].declaration.name.span, "first here")])
      } else if module.imports[name] != nil {
        sink.report(.duplicateName, "`\(name)` is the name of an import", at: declaration.name.span)
      } else {
        if isWord(name, of: declaration) {
          sink.report(
            .duplicateName, "`\(name)` is a word of the language or of its host", at: declaration.name.span,
            help: "choose another name")
        }
        module.names[name] = index
        declareType(index)
      }
    }
    machine.globals = [Value?](repeating: nil, count: globals.count)
  }

  /// Records and enums have one name in all files of a program.
  private func declareType(_ index: Int) {
    let declaration = globals[index].declaration
    switch declaration.kind {
    case .record, .enumeration: break
    default: return
    }
    if let other = typeIndex.updateValue(index, forKey: declaration.name.text) {
      let first = globals[other].declaration.name.span
      sink.report(
        .duplicateName, "a type `\(declaration.name.text)` is declared in \(first.file.name) already",
        at: declaration.name.span, secondary: [Diagnostic.Label(first, "first here")],
        help: "types have one name in all files of a program; choose another")
    }
  }

  /// Whether a host's or the language's word would be hidden.
  private func isWord(_ name: String, of declaration: Declaration) -> Bool {
    switch declaration.kind {
    case .enumeration, .record:
      return catalogue.enums[name] != nil || catalogue.kinds[name] != nil || catalogue.hostTypes[name] != nil
        || catalogue.constructors[name] != nil || ["Bool", "Int", "Float", "String"].contains(name)
    case .function, .binding:
      return catalogue.constructors[name] != nil || catalogue.functions[name] != nil || Builtins.table[name] != nil
    default: return false
    }
  }

  /// Whether a call of this name means the host's word, not the declaration: a recipe may be called `simclr` and
  /// still use the method `simclr(…)`.
  func isHiddenInCalls(_ index: Int, _ name: String) -> Bool {
    switch globals[index].declaration.kind {
    case .function, .record, .binding: false
    default: catalogue.constructors[name] != nil || catalogue.functions[name] != nil || Builtins.table[name] != nil
    }
  }

  /// What each declaration needs, as indices.
  private func dependencies(of index: Int) -> [Int] {
    let global = globals[index]
    return NameCollector.names(in: global.declaration).compactMap { name -> Int? in
      if name.hasSuffix("()") {
        let name = String(name.dropLast(2))
        return global.module.names[name].flatMap { isHiddenInCalls($0, name) ? nil : $0 } ?? typeIndex[name]
      }
      if let found = global.module.names[name] { return found }
      guard let dot = name.firstIndex(of: ".") else { return typeIndex[name] }
      return global.module.imports[String(name[..<dot])]?.names[String(name[name.index(after: dot)...])]
    }.sorted()
  }

  /// Indices in an order in which each comes after what it needs; members of circles are reported and poisoned.
  func orderedGlobals() -> [Int] {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: globals.count)
    var order: [Int] = []
    order.reserveCapacity(globals.count)
    for root in globals.indices where marks[root] == .new {
      var stack: [(index: Int, needs: [Int], next: Int)] = [(root, dependencies(of: root), 0)]
      marks[root] = .open
      while let top = stack.last {
        if top.next == top.needs.count {
          marks[top.index] = .done
          order.append(top.index)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let need = top.needs[top.next]
        switch marks[need] {
        case .done: break
        case .new:
          marks[need] = .open
          stack.append((need, dependencies(of: need), 0))
        case .open:
          let start = stack.firstIndex { $0.index == need } ?? 0
          reportCycle(stack[start...].map(\.index))
        }
      }
    }
    return order
  }

  private func reportCycle(_ circle: [Int]) {
    guard
      let first = circle.min(by: { globals[$0].declaration.name.span.lower < globals[$1].declaration.name.span.lower })
    else { return }
    let names = circle.map { "`\(globals[$0].declaration.name.text)`" }
    let declaration = globals[first].declaration
    let isFunction = if case .function = declaration.kind { true } else { false }
    let message =
      circle.count == 1
      ? "\(names[0]) \(isFunction ? "calls itself" : "is defined in terms of itself")"
      : "\(names.joined(separator: ", ")) are defined in terms of each other"
    sink.report(
      .cycle, message, at: declaration.name.span,
      secondary: circle.filter { $0 != first }.map {
        Diagnostic.Label(globals[$0].declaration.name.span, "part of the circle")
      },
      help: isFunction ? "there is no recursion; loop over a finite list" : nil)
    for index in circle { globals[index].isPoisoned = true }
  }
}
