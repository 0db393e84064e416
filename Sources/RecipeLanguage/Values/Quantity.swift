/// What a number with a unit measures.
///
/// Epochs, steps and images are three different things: converting between them needs the batch size and the
/// data, which the language does not know. They share the general dimension `training`, which a field may ask for.
public enum Dimension: String, Sendable, Hashable, CaseIterable {
  /// `500ep`: passes over the data.
  case epochs
  /// `200step`: optimiser steps.
  case steps
  /// `25600img`: images seen.
  case images
  /// Any of the three above; a type for fields, never the dimension of a value.
  case training
  /// `30s 15min 2h`: time on the wall; base unit second.
  case duration
  /// `512KiB 4GiB`: memory; base unit byte.
  case bytes
  /// `10%`; base unit is the whole (10% is 1/10).
  case percent

  /// What diagnostics call it.
  public var title: String {
    switch self {
    case .epochs: "epochs"
    case .steps: "steps"
    case .images: "images"
    case .training: "training time"
    case .duration: "wall-clock time"
    case .bytes: "bytes"
    case .percent: "percent"
    }
  }

  /// How such a quantity is written, as an example.
  public var example: String {
    switch self {
    case .epochs: "500ep"
    case .steps: "200step"
    case .images: "25600img"
    case .training: "500ep, 200step or 25600img"
    case .duration: "30s, 15min or 2h"
    case .bytes: "512KiB or 4GiB"
    case .percent: "10%"
    }
  }

  /// Whether it is training time, in whichever unit.
  public var isTraining: Bool { self == .epochs || self == .steps || self == .images || self == .training }
}

/// A unit as it is written after a number.
public struct Unit: Sendable, Hashable {
  /// The suffix: `ep`.
  public let suffix: String
  /// What it measures.
  public let dimension: Dimension
  /// How many base units it is.
  public let scale: Rational

  /// Every unit of the language, in the order of the reference page; within a dimension the larger ones last.
  public static let all: [Unit] = [
    Unit("ep", .epochs, 1), Unit("step", .steps, 1), Unit("img", .images, 1), Unit("%", .percent, 1, 100),
    Unit("ms", .duration, 1, 1000), Unit("s", .duration, 1), Unit("min", .duration, 60), Unit("h", .duration, 3600),
    Unit("B", .bytes, 1), Unit("KiB", .bytes, 1 << 10), Unit("MiB", .bytes, 1 << 20), Unit("GiB", .bytes, 1 << 30),
  ]

  /// The unit with this suffix.
  public static func named(_ suffix: String) -> Unit? { all.first { $0.suffix == suffix } }

  /// The unit in which amounts of a dimension are kept, in which a person would write a number of it: % for percent.
  static func base(of dimension: Dimension) -> Unit {
    let units = all.filter { $0.dimension == dimension }
    return units.first { dimension == .percent || $0.scale == Rational(1) } ?? all[0]
  }

  private init(_ suffix: String, _ dimension: Dimension, _ numerator: Int, _ denominator: Int = 1) {
    self.suffix = suffix
    self.dimension = dimension
    scale = Rational(numerator, denominator) ?? Rational(1)
  }
}

/// A number with a unit, kept exactly.
public struct Quantity: Sendable, Hashable, CustomStringConvertible {
  /// The amount in base units (epochs, steps, images, seconds, bytes, wholes).
  public let amount: Rational
  /// What it measures; never `.training`.
  public let dimension: Dimension

  /// `amount` base units of `dimension`.
  public init(_ amount: Rational, _ dimension: Dimension) {
    self.amount = amount
    self.dimension = dimension
  }

  /// A whole number of epochs.
  public static func epochs(_ count: Int) -> Quantity { Quantity(Rational(count), .epochs) }
  /// A whole number of steps.
  public static func steps(_ count: Int) -> Quantity { Quantity(Rational(count), .steps) }
  /// A whole number of images.
  public static func images(_ count: Int) -> Quantity { Quantity(Rational(count), .images) }
  /// A whole number of seconds.
  public static func seconds(_ count: Int) -> Quantity { Quantity(Rational(count), .duration) }
  /// A whole number of bytes.
  public static func bytes(_ count: Int) -> Quantity { Quantity(Rational(count), .bytes) }
  /// A whole number of percent.
  public static func percent(_ count: Int) -> Quantity {
    Quantity(Rational(count, 100) ?? Rational(0), .percent)
  }

  /// The amount in base units as the nearest `Double` (percent: as a fraction of one).
  public var doubleValue: Double { amount.doubleValue }

  /// The canonical writing: the largest unit in which it is a whole number, else the base unit (`1ep / 3` where the
  /// number is no decimal).
  public var description: String {
    let units = Unit.all.filter { $0.dimension == dimension }
    for unit in units.reversed() where amount.numerator != 0 {
      if let count = amount.divided(by: unit.scale), count.isWhole { return "\(count)\(unit.suffix)" }
    }
    guard let base = units.first(where: { $0.dimension == .percent || $0.scale == Rational(1) }),
      let count = amount.divided(by: base.scale)
    else { return "\(amount)" }
    let shown = count.description
    if !shown.contains("/") { return shown + base.suffix }
    return "\(count.numerator)\(base.suffix) / \(count.denominator)"
  }
}
