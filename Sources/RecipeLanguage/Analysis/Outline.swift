/// A declaration in the outline of a file.
public struct OutlineItem: Sendable {
  /// Its name.
  public let name: String
  /// What it is.
  public let kind: Symbol.Kind
  /// What stands beside the name in a list: the base of a recipe, the type of a value.
  public let detail: String
  /// All of the declaration.
  public let span: SourceSpan
  /// Its name in it.
  public let nameSpan: SourceSpan
  /// What it consists of: fields, members, axes.
  public let children: [OutlineItem]
}

extension Analysis {
  /// The declarations of the file, in order.
  public var outline: [OutlineItem] { main.tree.declarations.map(item) }

  private func item(_ declaration: Declaration) -> OutlineItem {
    let kind: Symbol.Kind
    var detail = ""
    var children: [OutlineItem] = []
    switch declaration.kind {
    case .binding:
      kind = .value
      if let index = main.names[declaration.name.text], !checker.globals[index].type.isUnknown {
        detail = "\(checker.globals[index].type)"
      }
    case .function(let parameters, let result, _):
      kind = .function
      detail = "(\(parameters.map(\.text).joined(separator: ", ")))" + (result.map { " -> \($0.text)" } ?? "")
    case .enumeration(let members):
      kind = .enumeration
      children = members.map { item($0, .member) }
    case .record(let fields):
      kind = .record
      children = fields.map { item($0.name, .field, $0.type.text) }
    case .recipe(let base, let amendments):
      kind = .recipe
      detail = base.isEmpty ? "" : "from \(base.map(\.text).joined(separator: "."))"
      children = amendments.map(item)
    case .sweep(let base, let axes, let amendments, _):
      kind = .sweep
      detail = "from \(base.map(\.text).joined(separator: "."))"
      children =
        axes.map { axis in
          OutlineItem(
            name: axis.name, kind: .variable, detail: "axis", span: axis.path[0].span.through(axis.values.span),
            nameSpan: axis.path[0].span.through(axis.path[axis.path.count - 1].span), children: [])
        } + amendments.map(item)
    case .task(let needs, _):
      kind = .task
      detail = needs.isEmpty ? "" : "needs \(needs.map(\.text).joined(separator: ", "))"
    case .test: kind = .test
    case .imported(let path):
      kind = .file
      detail = path.text
    }
    return OutlineItem(
      name: declaration.name.text, kind: kind, detail: detail, span: declaration.span,
      nameSpan: declaration.name.span, children: children)
  }

  private func item(_ amendment: Amendment) -> OutlineItem {
    OutlineItem(
      name: amendment.pathText, kind: .field, detail: "", span: amendment.span.through(amendment.value.span),
      nameSpan: amendment.span, children: [])
  }

  private func item(_ name: Name, _ kind: Symbol.Kind, _ detail: String = "") -> OutlineItem {
    OutlineItem(name: name.text, kind: kind, detail: detail, span: name.span, nameSpan: name.span, children: [])
  }
}
