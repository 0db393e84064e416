extension Schedule {
  /// The learning rates of the published Geometric Harmonization runs, to be read at ``Moment/epochEnd``:
  /// linear from 0 to `rate` over 10 epochs; then with `warmUp` = 0 one cosine to `minimum` at the last
  /// epoch, else a cosine to `firstMinimum` at `warmUp` and a second one from `secondMaximum` to `minimum`.
  ///
  /// Throws ``ScheduleError`` where the parts would have no length (10 epochs or fewer, or a warm-up
  /// not between them).
  public static func published(
    rate: Double, epochs: Int, warmUp: Int = 0, minimum: Double = 1e-6, firstMinimum: Double = 0.3,
    secondMaximum: Double = 0.3
  ) throws -> Schedule {
    let end = Double(epochs)
    let linear = Span(.ramp(from: 0, to: rate), from: 0, to: 10)
    guard warmUp > 0 else {
      return try Schedule([linear, Span(.cosine(from: rate, to: minimum), from: 10, to: end)])
    }
    let middle = Double(warmUp)
    return try Schedule([
      linear, Span(.cosine(from: rate, to: firstMinimum), from: 10, to: middle),
      Span(.cosine(from: secondMaximum, to: minimum), from: middle, to: end),
    ])
  }
}
