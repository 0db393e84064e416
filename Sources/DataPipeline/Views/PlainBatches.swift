import Kernels

/// Images as they are, in order, for evaluation: the largest centred square of each, resized to `size` where it
/// differs.
public struct PlainBatches: Sendable {
  public let source: any ImageSource
  public let batchSize: Int
  /// Images in a batch unless another number is given.
  public static let standardSize = 256
  private let renderer: ViewRenderer

  /// Throws ``DataError`` if the source's channels are not the normalisation's.
  public init(source: any ImageSource, size: Int, normalization: Normalization, batchSize: Int = standardSize) throws {
    guard source.channels == normalization.mean.count else {
      throw DataError(
        source.origin, "images have \(source.channels) channels, the normalisation \(normalization.mean.count)",
        remedy: "give a mean and a deviation for each channel")
    }
    self.source = source
    self.batchSize = batchSize
    renderer = ViewRenderer(
      size: size, interpolation: .bilinear, mean: normalization.mean, deviation: normalization.deviation)
  }

  public var count: Int { (source.count + batchSize - 1) / batchSize }

  /// Batch number `number`, of one view.
  public func batch(_ number: Int) throws -> ViewBatch {
    let indices = Array(number * batchSize..<min((number + 1) * batchSize, source.count))
    let extents = [indices.count, renderer.size, renderer.size, renderer.channels]
    let stride = extents[1] * extents[2] * extents[3]
    var tensor = Tensor(uninitialized: Shape(extents))
    try tensor.withUnsafeMutableBufferPointer { target in
      for (row, index) in indices.enumerated() {
        let image = try source.image(at: index)
        let side = min(image.height, image.width)
        let view = ImageView(
          Image.Box(top: (image.height - side) / 2, left: (image.width - side) / 2, height: side, width: side))
        try renderer.draw(
          view, of: image, into: UnsafeMutableBufferPointer(rebasing: target[row * stride..<(row + 1) * stride]))
      }
    }
    return ViewBatch(indices: indices, views: [tensor])
  }
}
