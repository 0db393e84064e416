import Synchronization

extension Program {
  /// Runs one test of this program.
  ///
  /// - Parameters:
  ///   - test: one of `tests`; a test of another program traps.
  ///   - granting: the effects it may have; calling a function with another one is an error.
  ///   - limits: what it may use; if left out, the same as while the program was checked.
  ///   - output: called with everything it prints.
  public func run(
    _ test: TestDeclaration, granting: Set<Effect>, limits: Limits? = nil,
    output: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Outcome {
    guard let body = image.tests[test.name] else { preconditionFailure("no test \(test.name) in this program") }
    return run(body, [], granting, limits ?? self.limits, output)
  }

  /// Runs one task of this program.
  ///
  /// - Parameters:
  ///   - task: one of `tasks`; a task of another program traps.
  ///   - results: a value of the catalogue's `resultType` for each name it needs; a missing one traps.
  ///   - granting: the effects it may have.
  ///   - limits: what it may use; if left out, the same as while the program was checked.
  ///   - output: called with everything it prints.
  public func run(
    _ task: TaskDeclaration, results: [String: Value], granting: Set<Effect>, limits: Limits? = nil,
    output: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Outcome {
    guard let body = image.tasks[task.name] else { preconditionFailure("no task \(task.name) in this program") }
    let values = task.needs.map { name -> Value? in
      guard let value = results[name] else { preconditionFailure("task \(task.name) needs a result of \(name)") }
      return value
    }
    return run(body, values, granting, limits ?? self.limits, output)
  }

  private func run(
    _ body: BodyCode, _ values: [Value?], _ granted: Set<Effect>, _ limits: Limits,
    _ output: @escaping @Sendable (String) -> Void
  ) -> Outcome {
    let sink = DiagnosticSink(limit: limits.diagnostics)
    let box = PrintedText()
    let expectations = DeepStack.run(limits) { limits, end in
      let machine = Evaluator(
        globals: image.globals, functions: image.functions, catalogue: catalogue, limits: limits, sink: sink)
      machine.granted = granted
      machine.output = { text in
        box.append(text)
        output(text)
      }
      machine.stackEnd = end
      machine.withSlots(body.slots, values) { _ = machine.run(body.statements) }
      return machine.expectations
    }
    return Outcome(
      passed: !sink.hasErrors, expectations: expectations, diagnostics: sink.finished(), output: box.text)
  }
}

/// Text that is printed bit by bit, perhaps from several threads.
private final class PrintedText: Sendable {
  private let storage = Mutex("")
  var text: String { storage.withLock { $0 } }
  func append(_ more: String) { storage.withLock { $0 += more } }
}
