/// How much memory values take. What is counted is an upper bound: values that have been made since the start of the
/// function call or loop turn that is running, and cannot be needed after it, unless it gives a value that holds them.
extension Evaluator {
  /// What one value in a list or record takes, its name and origin included.
  static let bytesOfValue = 64

  /// Counts the memory of new values; false, after a report, when that is too much.
  func hold(_ count: Int, each bytes: Int = 1, at span: SourceSpan) -> Bool {
    let (size, isHuge) = count.multipliedReportingOverflow(by: bytes)
    let (sum, isTooMuch) = held.addingReportingOverflow(size)
    guard !isHuge, !isTooMuch, sum <= limits.memory else {
      sink.report(
        .tooMuchMemory, "the values of this recipe need more than \(limits.memory) bytes", at: span,
        help: "make them smaller, or " + limits.help(.memory))
      return false
    }
    held = sum
    return true
  }

  /// Numbers or characters, or values, that a value has to be gone through.
  private func extent(of value: Value) -> Int {
    switch value {
    case .host(let object): (catalogue.hostTypes[object.type]?.bytes?(object) ?? 0) / 4
    case .string(let text): text.utf8.count / 8
    default: value.weight
    }
  }

  /// Uses the fuel of going through values once; false, after a report, when there is not as much.
  func burn(goingThrough values: some Sequence<Value>, at span: SourceSpan) -> Bool {
    burn(values.reduce(0) { Value.add($0, extent(of: $1)) } / 64, at: span)
  }

  /// Uses the fuel of so many simple operations, of which as many as this take as long as the turn of a loop.
  func burn(operations: Double, at span: SourceSpan) -> Bool { burn(Int(min(operations / 2048, 1e18)), at: span) }

  /// Forgets what was made since `before`, unless `value`, which is all that is left of it, may hold some of it.
  func release(to before: Int, after value: Value? = nil) {
    switch value {
    case .list, .map, .record, .schedule, .string, .host: break
    default: held = before
    }
  }

  /// Counts text that is to be printed; false, after a report, when it is too much.
  func mayPrint(_ text: String, at span: SourceSpan) -> Bool {
    guard limits.output - printed >= text.utf8.count else {
      sink.report(
        .tooMuchOutput, "this prints more than \(limits.output) bytes", at: span,
        help: "print less, or " + limits.help(.output))
      return false
    }
    printed += text.utf8.count
    return true
  }
}
