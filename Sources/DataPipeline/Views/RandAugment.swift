import Kernels

/// RandAugment (Cubuk et al., 2020) as Boosted Contrastive Learning has it (Zhou et al., ICML 2022; METHOD.md 2.4):
/// a few operations of fifteen, drawn with replacement, each done with a probability and at a strength that are the
/// image's own. Both follow a weight in 0…1: the probability is the weight.
///
/// A value: what is done depends on the weight and the random numbers alone.
public struct RandAugment: Hashable, Sendable {
  /// Operations drawn for a view.
  public var operations: Int
  /// The strengths of an image of weight 0 and of weight 1, in thirtieths of each operation's range.
  public var strength: ClosedRange<Double>
  /// Whether what the weight adds to the strength is scaled by a random number in 0…1, drawn for each image and epoch.
  public var varies: Bool

  /// Programmer error: no operation, or a strength outside 0…30, traps.
  public init(operations: Int, strength: ClosedRange<Double>, varies: Bool = false) {
    precondition(operations > 0, "\(operations) operations")
    precondition(strength.lowerBound >= 0 && strength.upperBound <= 30, "strengths \(strength), not within 0…30")
    self.operations = operations
    self.strength = strength
    self.varies = varies
  }

  /// The authors' BCL-I, for plain contrastive methods.
  public static let identity = RandAugment(operations: 1, strength: 10...30)
  /// The authors' BCL-D, for SDCLR.
  public static let damaging = RandAugment(operations: 2, strength: 5...30, varies: true)

  /// The strength for an image of this weight, the same for all its views of an epoch.
  public func strength(weight: Double, using random: inout CounterRandom) -> Double {
    strength.lowerBound + (strength.upperBound - strength.lowerBound) * weight * (varies ? random.unit() : 1)
  }

  /// Draws what is done to one view of `size` × `size` pixels: at most ``operations``, in the order of doing.
  public func choices(
    probability: Double, strength: Double, size: Int, using random: inout CounterRandom
  ) -> [Image.Operation] {
    var chosen: [Image.Operation] = []
    for _ in 0..<operations {
      // Every choice is drawn whether it is used or not: one image's weight leaves the other choices as they were.
      let kind = Kind.allCases[random.integer(below: Kind.allCases.count)]
      let isDone = random.chance(probability)
      let sign: Double = random.chance(0.5) ? -1 : 1
      let place = (row: random.unit(), column: random.unit())
      if isDone, let operation = kind.operation(strength / 30, sign: sign, place: place, size: Double(size)) {
        chosen.append(operation)
      }
    }
    return chosen
  }
}

extension RandAugment {
  /// The fifteen, all as likely. (Their order is part of what a seed gives.)
  enum Kind: CaseIterable {
    case shearX, shearY, translateX, translateY, rotate
    case autoContrast, invert, equalize, solarize, posterize
    case contrast, colour, brightness, sharpness, cutout

    /// At `share` of the range, 0…1. Nil for a cutout of nothing.
    func operation(
      _ share: Double, sign: Double, place: (row: Double, column: Double), size: Double
    ) -> Image.Operation? {
      let factor = Float(0.1 + 1.8 * share)
      switch self {
      case .shearX: return .shearX(sign * 0.6 * share)
      case .shearY: return .shearY(sign * 0.6 * share)
      case .translateX: return .translateX(pixels: sign * 0.66 * share * size)
      case .translateY: return .translateY(pixels: sign * 0.66 * share * size)
      case .rotate: return .rotate(degrees: sign * 60 * share)
      case .autoContrast: return .autoContrast
      case .invert: return .invert
      case .equalize: return .equalize
      case .solarize: return .solarize(threshold: 110 * share)
      case .posterize: return .posterize(bits: 4 + Int(4 * share))
      case .contrast: return .contrast(factor)
      case .colour: return .colour(factor)
      case .brightness: return .brightness(factor)
      case .sharpness: return .sharpness(factor)
      case .cutout: return Self.cutout(side: 0.4 * share * size, place: place, size: size)
      }
    }

    /// A square about a pixel of the view, cut at its edges; both ends belong to it, as ImageDraw has it.
    private static func cutout(side: Double, place: (row: Double, column: Double), size: Double) -> Image.Operation? {
      guard side > 0 else { return nil }
      func span(_ middle: Double) -> (start: Int, count: Int) {
        let start = max(0, middle - side / 2).rounded(.down)
        let end = min(size - 1, (start + side).rounded(.down))
        return (Int(start), Int(end - start) + 1)
      }
      let (rows, columns) = (span(place.row * size), span(place.column * size))
      return .cutout(Image.Box(top: rows.start, left: columns.start, height: rows.count, width: columns.count))
    }
  }
}
