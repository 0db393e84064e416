/// An exact fraction in lowest terms, with a positive denominator.
///
/// Operations return nil where the result does not fit in 64 bits: nothing rounds silently.
public struct Rational: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The numerator; carries the sign.
  public let numerator: Int
  /// The denominator, at least 1.
  public let denominator: Int

  /// A whole number.
  public init(_ value: Int) {
    numerator = value
    denominator = 1
  }

  /// `numerator / denominator` in lowest terms, or nil for a zero denominator or an overflow.
  public init?(_ numerator: Int, _ denominator: Int) {
    guard denominator != 0, numerator != Int.min, denominator != Int.min else { return nil }
    let divisor = Rational.gcd(abs(numerator), abs(denominator))
    let sign = denominator < 0 ? -1 : 1
    self.numerator = sign * numerator / divisor
    self.denominator = sign * denominator / divisor
  }

  /// The value of a decimal literal such as `12`, `0.25` or `5e-4`, exactly; nil if it does not fit.
  public init?(decimal text: String) {
    var digits = 0
    var scale = 0
    var seenPoint = false
    var negative = false
    var rest = Substring(text)
    if rest.hasPrefix("-") {
      negative = true
      rest = rest.dropFirst()
    }
    var any = false
    while let character = rest.first, character != "e", character != "E" {
      rest = rest.dropFirst()
      if character == "_" { continue }
      if character == "." && !seenPoint {
        seenPoint = true
        continue
      }
      guard let digit = character.wholeNumberValue, character.isASCII else { return nil }
      any = true
      if seenPoint && digit == 0 && rest.allSatisfy({ $0 == "0" || $0 == "_" }) { continue }
      let (product, overflow) = digits.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(digit)
      guard !overflow, !carry else { return nil }
      digits = sum
      if seenPoint { scale -= 1 }
    }
    guard any else { return nil }
    if !rest.isEmpty {
      guard let exponent = Int(rest.dropFirst()), abs(exponent) < 40 else { return nil }
      scale += exponent
    }
    var power = 1
    for _ in 0..<abs(scale) {
      let (product, overflow) = power.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      power = product
    }
    let signed = negative ? -digits : digits
    if scale >= 0 {
      let (product, overflow) = signed.multipliedReportingOverflow(by: power)
      guard !overflow else { return nil }
      self.init(product)
    } else {
      self.init(signed, power)
    }
  }

  /// The fraction a reader sees when the number is printed: 0.1 gives 1/10. Nil if not finite or too large.
  public init?(shownAs value: Double) {
    guard value.isFinite else { return nil }
    self.init(decimal: "\(value)")
  }

  /// The nearest `Double`.
  public var doubleValue: Double { Double(numerator) / Double(denominator) }
  /// Whether it is a whole number.
  public var isWhole: Bool { denominator == 1 }

  /// The sum, or nil on overflow.
  public func adding(_ other: Rational) -> Rational? {
    let divisor = Rational.gcd(denominator, other.denominator)
    let (left, a) = numerator.multipliedReportingOverflow(by: other.denominator / divisor)
    let (right, b) = other.numerator.multipliedReportingOverflow(by: denominator / divisor)
    let (sum, c) = left.addingReportingOverflow(right)
    let (bottom, d) = denominator.multipliedReportingOverflow(by: other.denominator / divisor)
    return a || b || c || d ? nil : Rational(sum, bottom)
  }

  /// The difference, or nil on overflow.
  public func subtracting(_ other: Rational) -> Rational? { adding(other.negated) }

  /// The product, or nil on overflow.
  public func multiplied(by other: Rational) -> Rational? {
    guard let left = Rational(numerator, other.denominator), let right = Rational(other.numerator, denominator) else {
      return nil
    }
    let (top, a) = left.numerator.multipliedReportingOverflow(by: right.numerator)
    let (bottom, b) = left.denominator.multipliedReportingOverflow(by: right.denominator)
    return a || b ? nil : Rational(top, bottom)
  }

  /// The quotient, or nil on overflow or division by zero.
  public func divided(by other: Rational) -> Rational? {
    guard let inverse = Rational(other.denominator, other.numerator) else { return nil }
    return multiplied(by: inverse)
  }

  /// The same with the other sign. Numerators never hold `Int.min`.
  public var negated: Rational { Rational(-numerator, denominator) ?? self }

  /// A decimal where that is exact (`0.25`), a fraction where it is not (`1/3`).
  public var description: String {
    if denominator == 1 { return "\(numerator)" }
    var rest = denominator
    var twos = 0
    var fives = 0
    while rest % 2 == 0 {
      rest /= 2
      twos += 1
    }
    while rest % 5 == 0 {
      rest /= 5
      fives += 1
    }
    let places = max(twos, fives)
    guard rest == 1, places <= 17 else { return "\(numerator)/\(denominator)" }
    var scaled = numerator.magnitude
    var scale: UInt = 1
    for _ in 0..<places { scale *= 10 }
    let (product, overflow) = scaled.multipliedReportingOverflow(by: scale / UInt(denominator))
    guard !overflow else { return "\(numerator)/\(denominator)" }
    scaled = product
    var fraction = String(scaled % scale)
    fraction = String(repeating: "0", count: places - fraction.count) + fraction
    return "\(numerator < 0 ? "-" : "")\(scaled / scale).\(fraction)"
  }

  /// Exact comparison.
  public static func < (left: Rational, right: Rational) -> Bool {
    let a = left.numerator.multipliedFullWidth(by: right.denominator)
    let b = right.numerator.multipliedFullWidth(by: left.denominator)
    return a.high != b.high ? a.high < b.high : a.low < b.low
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return max(a, 1)
  }
}
