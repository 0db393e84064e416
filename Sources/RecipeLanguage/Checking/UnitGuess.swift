/// What somebody who left out a unit, or wrote another one, probably meant: conversions are offered, never made.
enum UnitGuess {
  /// A plain number as a quantity.
  static func quantity(_ value: Value, _ dimension: Dimension) -> (text: String, help: String)? {
    guard let number = value.doubleValue, let exact = Rational(shownAs: number) else { return nil }
    let plain = CanonicalText.text(value)
    switch dimension {
    case .percent:
      // 0.5 is a share of one; 50 is a percentage already.
      if case .int(let whole) = value, whole > 1 { return ("\(whole)%", "write `\(whole)%`") }
      let text = "\(Quantity(exact, .percent))"
      return (text, "write `\(text)`")
    case .training: return ("\(plain)ep", "write `\(plain)ep` for epochs, `\(plain)step` or `\(plain)img`")
    case .epochs, .steps, .images:
      let text = plain + Unit.base(of: dimension).suffix
      return (text, "write `\(text)`")
    case .duration, .bytes:
      let text = "\(Quantity(exact, dimension))"
      let base = Unit.base(of: dimension).suffix
      let same = text == plain + base ? "" : ", which is `\(text)`"
      return (plain + base, "write for example `\(plain)\(base)`\(same)")
    }
  }

  /// A quantity as a plain number: the share that a percentage is, else the amount in the unit it was written in.
  static func number(_ quantity: Quantity, _ type: ValueType) -> String {
    if quantity.dimension == .percent { return CanonicalText.text(.float(quantity.doubleValue)) }
    return "\(quantity.amount)"
  }

  /// What converting between the two would take; nil where nothing can.
  static func conversion(from: Dimension, to: Dimension) -> String? {
    switch (from, to) {
    case _ where from.isTraining && to.isTraining:
      "converting \(from.title) to \(to.title) needs the batch size and the number of images (an epoch has images / "
        + "batch steps), which only the plan knows; write both in one unit"
    case (.duration, _) where to.isTraining, (_, .duration) where from.isTraining:
      "how long an epoch takes depends on the machine, so that wall-clock time and training time cannot be converted"
    case (.percent, _): "a share of something is a product: `10% * 500ep`"
    default: nil
    }
  }
}
