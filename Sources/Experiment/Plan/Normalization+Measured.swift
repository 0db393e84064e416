import DataPipeline

extension Normalization {
  /// For grey photographs: the luma of ``imageNet``.
  static let greyPhotographs = Normalization(mean: [0.449], deviation: [0.226])

  /// Of the pictures themselves, by whole numbers, so that it is the same everywhere. Throws what reading throws.
  static func measured(_ source: any ImageSource) throws -> Normalization {
    let channels = source.channels
    var sums = [Int](repeating: 0, count: channels)
    var squares = sums
    var count = 0
    for index in 0..<source.count {
      let pixels = try source.image(at: index).pixels
      pixels.withUnsafeBufferPointer { pixels in
        for place in pixels.indices {
          let value = Int(pixels[place])
          sums[place % channels] += value
          squares[place % channels] += value * value
        }
      }
      count += pixels.count / channels
    }
    let means = sums.map { Double($0) / Double(count) / 255 }
    let deviations = zip(squares, means).map { square, mean in
      max(1e-3, (Double(square) / Double(count) / (255 * 255) - mean * mean).squareRoot())
    }
    // Four digits say all that matters and read well in files.
    return Normalization(mean: means.map(rounded), deviation: deviations.map(rounded))
  }

  private static func rounded(_ value: Double) -> Float { Float((value * 10_000).rounded() / 10_000) }
}
