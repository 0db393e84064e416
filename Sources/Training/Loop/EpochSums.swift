/// What an epoch's report is made of, summed batch by batch and kept in checkpoints, so that the
/// report of an epoch that was interrupted is the same as of one that was not.
struct EpochSums: Hashable, Sendable {
  /// For each part of the loss: Σ samples · value, Σ samples · weight · value, samples.
  var parts: [String: [Double]] = [:]

  mutating func add(_ report: LossReport, samples: Int) {
    let samples = Double(samples)
    func add(_ name: String, _ value: Double, _ weight: Double) {
      let before = parts[name] ?? [0, 0, 0]
      parts[name] = [
        before[0] + samples * value, before[1] + samples * weight * value, before[2] + samples,
      ]
    }
    for part in report.parts { add(part.name, part.value, part.weight) }
    add("total", report.total, 1)
  }

  /// Means over the samples that a part took part for, before its weight; `total` is the whole loss.
  var means: [String: Double] {
    parts.compactMapValues { $0.count == 3 && $0[2] > 0 ? $0[0] / $0[2] : nil }
  }
}
