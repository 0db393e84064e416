import Foundation

/// The loss of embeddings that tell nothing: every other view is as likely as an image's own second one.
struct ChanceLoss: Hashable {
  /// Views that an image's second one is told from, itself included: 2N − 1 of a batch of N.
  let candidates: Int
  let value: Double

  /// Nil for losses without negatives.
  init?(_ contrast: ContrastPlan, batch: Int) {
    guard case .ntXent(_, let gamma) = contrast, batch > 1 else { return nil }
    let views = Double(2 * batch - 1)
    candidates = 2 * batch - 1
    value = log(views) * (gamma.map { pow(1 - 1 / views, $0) } ?? 1)
  }

  /// `3.434, of 30 negatives`
  var text: String { String(format: "%.3f", value) + ", of \(candidates - 1) negatives an image" }
}

/// Notices a contrastive loss that stays at or above the value of chance.
///
/// The first span of steps passes unheeded, as rates rise and networks settle. Then the means of two spans that follow
/// each other are compared: where the later is not below chance, and not below the earlier by more than three standard
/// errors of their difference and a hundredth, nothing is learnt.
struct ChanceWatch {
  private let chance: ChanceLoss
  /// Steps of a span: at least an epoch and some hundred.
  private let length: Int
  private var isWarmingUp = true
  private var span = Span()
  private var earlier: Span?
  private var hasWarned = false

  private struct Span {
    var count = 0
    var sum = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }
    var mean: Double { sum / Double(count) }
    /// Of the mean, squared.
    var error: Double { max(0, squares / Double(count) - mean * mean) / Double(count) }
  }

  init(_ chance: ChanceLoss, stepsPerEpoch: Int) {
    self.chance = chance
    length = max(stepsPerEpoch, 200)
  }

  /// What to say, once; nil otherwise.
  mutating func warning(after loss: Double) -> String? {
    guard !hasWarned else { return nil }
    span.add(loss)
    guard span.count == length else { return nil }
    defer { span = Span() }
    if isWarmingUp {
      isWarmingUp = false
      return nil
    }
    defer { earlier = span }
    guard let earlier, span.mean > 0.98 * chance.value else { return nil }
    let fall = earlier.mean - span.mean
    guard fall < max(3 * (earlier.error + span.error).squareRoot(), 0.01 * chance.value) else { return nil }
    hasWarned = true
    return "the contrastive loss stays at \(String(format: "%.3f", span.mean)), no better than chance (\(chance.text)): nothing is "
      + "learnt. Is the learning rate too low or too high, the temperature too high, or are all embeddings alike?"
  }
}
