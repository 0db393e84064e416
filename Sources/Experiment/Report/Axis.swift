import Foundation

/// Maps values of one direction of a chart to coordinates, and picks round values to mark.
package struct Axis {
  package let low: Double
  package let high: Double
  /// Coordinates of `low` and `high`.
  let start: Double
  let end: Double
  let isLogarithmic: Bool

  /// A range without extent is widened. Logarithmic axes need positive values.
  package init(_ low: Double, _ high: Double, from start: Double, to end: Double, logarithmic: Bool = false) {
    let isFlat = !(high > low)
    if logarithmic {
      self.low = isFlat ? low / 2 : low
      self.high = isFlat ? low * 2 : high
    } else {
      let margin = isFlat ? (low == 0 ? 0.5 : abs(low) * 0.5) : 0
      self.low = low - margin
      self.high = (isFlat ? low : high) + margin
    }
    self.start = start
    self.end = end
    isLogarithmic = logarithmic
  }

  /// An axis over the finite values among these, with some air; 0…1 if there is none.
  package init(
    covering values: some Sequence<Double>, from start: Double, to end: Double, logarithmic: Bool = false,
    air: Double = 0.05
  ) {
    let finite = values.filter { $0.isFinite && (!logarithmic || $0 > 0) }
    guard let low = finite.min(), let high = finite.max() else {
      self.init(logarithmic ? 0.1 : 0, 1, from: start, to: end, logarithmic: logarithmic)
      return
    }
    if logarithmic {
      let factor = pow(high / low, air)
      self.init(low / factor, high * factor, from: start, to: end, logarithmic: true)
    } else {
      let margin = (high - low) * air
      self.init(low - margin, high + margin, from: start, to: end)
    }
  }

  package func callAsFunction(_ value: Double) -> Double {
    let share = isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    return start + (end - start) * share
  }

  /// Round values inside the range, about `count` of them.
  package func ticks(_ count: Int = 5) -> [Double] {
    if isLogarithmic {
      let decades = Int(floor(log10(low)))...Int(ceil(log10(high)))
      let all = { (steps: [Double]) in
        decades.flatMap { decade in steps.map { $0 * pow(10, Double(decade)) } }
          .filter { $0 >= low * 0.999_999 && $0 <= high * 1.000_001 }
      }
      for steps in [[1.0], [1, 3], [1, 2, 5]] {
        let found = all(steps)
        if found.count >= min(3, count) { return found }
      }
      let fine = all([1, 1.5, 2, 3, 4, 5, 7])
      if fine.count >= 2 { return fine }
    }
    let step = Self.roundStep((high - low) / Double(max(1, count)))
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// 1, 2 or 5 times a power of ten, at least `step`.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= step * 0.999_999 } ?? 10 * power
  }

  /// `2e4`, `5e−5`
  static func scientific(_ value: Double) -> String {
    let text = (0...3).lazy.map { String(format: "%.\($0)e", value) }.first { abs((Double($0) ?? 0) - value) <= abs(value) * 1e-6 }
    return (text ?? String(format: "%.1e", value)).replacingOccurrences(of: "e+0", with: "e").replacingOccurrences(of: "e-0", with: "e−")
      .replacingOccurrences(of: "e+", with: "e").replacingOccurrences(of: "e-", with: "e−")
  }

  /// A tick in as few digits as tell it from the others.
  package func label(_ value: Double) -> String {
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 10_000 || size < 0.001 { return Self.scientific(value) }
    var text = String(format: "%.6f", value)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text.replacingOccurrences(of: "-", with: "−")
  }
}

/// The frame of a chart: margins, grid, marks and names of both axes.
struct Frame {
  var left = 46.0
  var right = 14.0
  var top = 14.0
  var bottom = 34.0

  func drawGrid(_ drawing: inout Drawing, x: Axis?, y: Axis, xName: String = "", yName: String = "", marks: Int = 5) {
    let (right, bottom) = (drawing.width - right, drawing.height - bottom)
    for tick in y.ticks(marks) {
      drawing.line(left, y(tick), right, y(tick), class: "grid")
      drawing.text(left - 7, y(tick) + 3.5, y.label(tick), anchor: .end, class: "tick")
    }
    drawing.line(left, bottom, right, bottom, class: "axis")
    if let x {
      for tick in x.ticks(max(3, Int((right - left) / 60))) {
        drawing.line(x(tick), bottom, x(tick), bottom + 4, class: "axis")
        drawing.text(x(tick), bottom + 16, x.label(tick), anchor: .middle, class: "tick")
      }
    }
    if !xName.isEmpty { drawing.text(right, drawing.height - 4, xName, anchor: .end, class: "name") }
    if !yName.isEmpty { drawing.text(left - 40, 10, yName, class: "name") }
  }
}
