import Kernels

/// Some images of a source, seen in one or more ways.
public struct ViewBatch: Sendable {
  /// The images' numbers in the source.
  public let indices: [Int]
  /// One tensor N×size×size×channels a view, normalised, the images in the order of `indices`.
  public let views: [Tensor]

  public var count: Int { indices.count }
}

/// Bytes to normalised numbers: (v / 255 − mean) / deviation, for each channel.
public struct Normalization: Hashable, Sendable {
  public let mean: [Float]
  public let deviation: [Float]

  /// Programmer error: other than one or three channels, or a deviation that is not positive, traps.
  public init(mean: [Float], deviation: [Float]) {
    precondition(mean.count == deviation.count && (mean.count == 1 || mean.count == 3), "one or three channels")
    precondition(deviation.allSatisfy { $0 > 0 }, "deviations \(deviation)")
    self.mean = mean
    self.deviation = deviation
  }

  /// CIFAR-100 training set, as the published code has it.
  public static let cifar = Normalization(mean: [0.4914, 0.4822, 0.4465], deviation: [0.2023, 0.1994, 0.2010])
  public static let imageNet = Normalization(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])
  /// Fashion-MNIST training set.
  public static let fashionMNIST = Normalization(mean: [0.2860], deviation: [0.3530])
}
