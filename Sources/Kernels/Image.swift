/// A picture of 8 bits a channel: `height` rows of `width` pixels of one (grey) or three (red, green, blue)
/// channels, row-major, without padding.
public struct Image: Hashable, Sendable {
  public let height: Int
  public let width: Int
  /// 1 or 3.
  public let channels: Int
  public internal(set) var pixels: [UInt8]

  /// Programmer error: an empty picture, another number of channels, or a number of bytes that is not
  /// height × width × channels traps.
  public init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    precondition(height > 0 && width > 0, "a picture of \(height)×\(width) pixels")
    precondition(channels == 1 || channels == 3, "a picture of \(channels) channels")
    precondition(
      pixels.count == height * width * channels, "\(pixels.count) bytes for a picture \(height)×\(width)×\(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }

  /// All pixels zero.
  public init(blackOf height: Int, _ width: Int, channels: Int) {
    self.init(
      height: height, width: width, channels: channels,
      pixels: [UInt8](repeating: 0, count: height * width * channels))
  }

  /// Number of pixels.
  public var count: Int { height * width }
  public var shape: Shape { [height, width, channels] }

  public subscript(row: Int, column: Int, channel: Int) -> UInt8 {
    get { pixels[(row * width + column) * channels + channel] }
    set { pixels[(row * width + column) * channels + channel] = newValue }
  }
}

extension Image {
  /// A rectangle of whole pixels inside a picture.
  public struct Box: Hashable, Sendable {
    public var top: Int
    public var left: Int
    public var height: Int
    public var width: Int

    public init(top: Int, left: Int, height: Int, width: Int) {
      (self.top, self.left, self.height, self.width) = (top, left, height, width)
    }
  }

  /// How pixels between pixels are made. Where a picture shrinks the filter widens (antialiasing).
  public enum Interpolation: String, Hashable, Sendable, CaseIterable {
    case bilinear, bicubic
  }

  /// The whole picture.
  public var bounds: Box { Box(top: 0, left: 0, height: height, width: width) }

  /// Whether the box has pixels, and all of them in this picture.
  public func contains(_ box: Box) -> Bool {
    box.top >= 0 && box.left >= 0 && box.height > 0 && box.width > 0
      && box.height <= height - box.top && box.width <= width - box.left
  }

  func require(_ box: Box, in operation: String) throws {
    guard contains(box) else {
      throw KernelError(
        operation, .badShape,
        "the box \(box.height)×\(box.width) at row \(box.top), column \(box.left) is not inside "
          + "the picture \(height)×\(width)")
    }
  }
}
