import DataPipeline

/// Mean and deviation of each channel, taken off views before the network; pixels are 0…1.
public struct Normalization: Hashable, Sendable {
  public let mean: [Float]
  public let deviation: [Float]

  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// The published values for CIFAR-10 and CIFAR-100.
  public static let cifar = Normalization(mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.2010])
  /// The usual values for photographs.
  public static let photographs = Normalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
  /// The same for grey ones.
  public static let greyPhotographs = Normalization(mean: [0.449], deviation: [0.226])

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
