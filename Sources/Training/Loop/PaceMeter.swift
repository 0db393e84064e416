/// Samples a second over a window of recent steps.
struct PaceMeter {
  private var window: [(samples: Int, seconds: Double)] = []
  private let length: Int
  private var samples = 0
  private var seconds = 0.0

  init(length: Int = 50) { self.length = length }

  mutating func add(samples: Int, seconds: Double) {
    window.append((samples, seconds))
    self.samples += samples
    self.seconds += seconds
    if window.count > length {
      let old = window.removeFirst()
      self.samples -= old.samples
      self.seconds -= old.seconds
    }
  }

  var samplesPerSecond: Double { seconds > 0 ? Double(samples) / seconds : 0 }
  var secondsPerStep: Double { window.isEmpty ? 0 : max(0, seconds) / Double(window.count) }
}
