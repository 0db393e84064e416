extension Builtins {
  private static let until = FieldDefinition(
    "until", .optional(.quantity(.training)), range: .above(0),
    doc: "When the segment ends, since the start of the run.")
  private static let over = FieldDefinition(
    "over", .optional(.quantity(.training)), range: .above(0), aliases: ["for", "during", "duration"],
    doc: "How long the segment takes.")

  private static func end(_ arguments: Arguments, or open: ScheduleValue.End = .open) -> ScheduleValue.End {
    if let time = arguments["until"].quantityValue { return .until(time) }
    if let time = arguments["over"].quantityValue { return .over(time) }
    return open
  }

  private static func schedule(
    _ name: String, _ doc: String, _ parameters: [FieldDefinition],
    _ shape: @escaping @Sendable (Arguments) throws -> (ScheduleValue.Shape, isPercent: Bool)
  ) -> Builtin {
    let definition = FunctionDefinition(
      name, doc: doc, parameters: parameters + [until, over], result: .schedule(.float)
    ) { arguments, context in
      let (shape, isPercent) = try shape(arguments)
      let segment = ScheduleValue.Segment(shape, end: end(arguments), span: context.span)
      return .schedule(ScheduleValue(segments: [segment], isPercent: isPercent))
    }
    return Builtin(definition: definition, typing: .schedule)
  }

  private static func curve(
    _ name: String, _ doc: String, _ make: @escaping @Sendable (Transition) throws -> ScheduleValue.Shape
  ) -> Builtin {
    let way = FieldDefinition("transition", .transition(.float), positional: true, doc: "`start -> end`")
    return schedule(name, doc, [way]) { arguments in
      guard case .transition(let way) = arguments["transition"] else { throw CallError("no transition") }
      return (try make(way), way.isPercent)
    }
  }

  static let schedules: [Builtin] = [
    schedule("hold", "A constant.", [FieldDefinition("value", .float, positional: true)]) { arguments in
      (.hold(arguments.float("value")), arguments["value"].quantityValue != nil)
    },
    curve("ramp", "A straight line from start to end.") { .ramp($0) },
    curve("cosine", "Half a cosine from start to end.") { .cosine($0) },
    curve("exponential", "A geometric curve from start to end, both above zero.") { way in
      guard way.start > 0, way.end > 0 else {
        throw CallError(
          "an exponential curve needs both ends above zero, not \(way.start) -> \(way.end)", code: .scheduleShape,
          argument: "transition")
      }
      return .exponential(way)
    },
    schedule(
      "stairs", "A value multiplied by a factor at every milestone.",
      [
        FieldDefinition("start", .float, positional: true),
        FieldDefinition("factor", .anyFloat, default: 0.1, aliases: ["gamma"], doc: "What the value is multiplied by."),
        FieldDefinition(
          "at", .list(.quantity(.training)), aliases: ["milestones"],
          doc: "The milestones, since the start of the segment."),
      ]
    ) { arguments in
      let times = arguments.list("at").compactMap(\.quantityValue)
      let shape = ScheduleValue.Shape.stairs(
        start: arguments.float("start"), factor: arguments.float("factor"), milestones: times)
      return (shape, arguments["start"].quantityValue != nil)
    },
    Builtin(
      definition: FunctionDefinition(
        "repeat", doc: "A schedule over and over: `times` times, or until the segment ends.",
        parameters: [
          FieldDefinition("schedule", .schedule(.float), positional: true),
          FieldDefinition("times", .optional(.int), range: .between(1, 1_000_000)), until, over,
        ], result: .schedule(.float)
      ) { arguments, context in
        guard case .schedule(let inner) = arguments["schedule"] else { throw CallError("no schedule") }
        if inner.segments.contains(where: { $0.end == .open }) {
          throw CallError(
            "every segment of a repeated schedule needs an end", code: .scheduleOpen, argument: "schedule",
            help: "add `over:`")
        }
        let times = arguments["times"].intValue
        let segment = ScheduleValue.Segment(
          .cycle(inner, times: times), end: end(arguments, or: times == nil ? .open : .natural), span: context.span)
        return .schedule(ScheduleValue(segments: [segment], isPercent: inner.isPercent))
      }, typing: .schedule),
  ]
}

extension ValueType {
  /// A Float that stays one in schedules of percentages.
  static let anyFloat = ValueType.oneOf([.float])

  /// The type with every `Float` replaced, for schedules of another scalar.
  func replacingFloat(by scalar: ValueType) -> ValueType {
    switch self {
    case .float: scalar
    case .transition(let type): .transition(type.replacingFloat(by: scalar))
    case .schedule(let type): .schedule(type.replacingFloat(by: scalar))
    default: self
    }
  }
}
