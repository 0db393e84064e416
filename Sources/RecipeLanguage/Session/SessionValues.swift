/// Values of a session that are not computed again with every input, because computing them has effects.
final class SessionValues {
  /// By the place of the name.
  var kept: [Recorder.Place: Value]

  init(_ kept: [Recorder.Place: Value]) { self.kept = kept }
}

extension Checker {
  /// In a session, where functions with effects may be called anywhere: checks something without them, as in a file,
  /// and with them where that does not do. (A word may be a constructor and a function; the constructor is preferred.)
  func withEffectsIfNeeded(_ body: () -> Code) -> Code {
    guard session != nil, module === mainModule else { return body() }
    let (outer, before) = (sink, scope)
    defer { sink = outer }
    let plain = DiagnosticSink(limit: limits.diagnostics)
    sink = plain
    let code = body()
    if !plain.hasErrors {
      for diagnostic in plain.diagnostics { outer.report(diagnostic) }
      return code
    }
    let effectful = DiagnosticSink(limit: limits.diagnostics)
    sink = effectful
    scope = before
    scope.allowsEffects = true
    let other = body()
    let isWanted = !effectful.hasErrors || plain.diagnostics.contains { $0.code == .effectNotAllowed }
    for diagnostic in (isWanted ? effectful : plain).diagnostics { outer.report(diagnostic) }
    return isWanted ? other : .poison(code.span)
  }

  /// The value of a declaration; in a session, what it was before if computing it has effects.
  func kept(_ declaration: Declaration, _ compute: () -> Value?) -> Value? {
    guard let session, module === mainModule, !scope.effects.isEmpty else { return compute() }
    let place = Recorder.Place(declaration.name.span)
    if let value = session.kept[place] { return value }
    guard !sink.hasErrors else { return nil }
    session.kept[place] = compute()
    return session.kept[place]
  }
}
