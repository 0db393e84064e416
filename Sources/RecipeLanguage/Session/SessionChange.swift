/// What adding declarations to a session does to the ones that are there.
struct SessionChange {
  /// All declarations, those that were replaced left out.
  let declarations: [Declaration]
  /// Names that were declared before.
  let replaced: Set<String>
  /// Declarations whose values need not be computed again, by the place of the name.
  let keeps: Set<Recorder.Place>
  private let followers: [String: [String]]

  init(_ old: [Declaration], adding new: [Declaration]) {
    let names = Set(new.map(\.name.text))
    let rest = old.filter { !names.contains($0.name.text) }
    replaced = Set(old.map(\.name.text)).intersection(names)
    declarations = rest + new
    let uses = rest.map { ($0, SessionChange.names(in: $0)) }
    var followers: [String: [String]] = [:]
    var stale: Set<Recorder.Place> = []
    for name in replaced {
      var changed: Set<String> = [name]
      var hasGrown = true
      while hasGrown {
        hasGrown = false
        for (declaration, used) in uses
        where !changed.contains(declaration.name.text) && !used.isDisjoint(with: changed) {
          changed.insert(declaration.name.text)
          stale.insert(Recorder.Place(declaration.name.span))
          followers[name, default: []].append(declaration.name.text)
          hasGrown = true
        }
      }
    }
    self.followers = followers
    keeps = Set(rest.map { Recorder.Place($0.name.span) }).subtracting(stale)
  }

  /// Older declarations that use what was declared again, in the order in which they were found.
  func followers(of declaration: Declaration) -> [String] { followers[declaration.name.text] ?? [] }

  /// The top-level names a declaration uses.
  private static func names(in declaration: Declaration) -> Set<String> {
    Set(
      NameCollector.names(in: declaration).map { name in
        String(name.prefix { $0 != "." && $0 != "(" })
      })
  }
}
