/// A picture of 8 bits a sample: height × width × channels bytes, rows from the top, channels adjacent.
public struct Image: Hashable, Sendable {
  public let height: Int
  public let width: Int
  /// 1 (grey) or 3 (red, green, blue).
  public let channels: Int
  public var pixels: [UInt8]

  /// Programmer error: an empty picture, other channels, or another number of bytes traps.
  public init(height: Int, width: Int, channels: Int, pixels: [UInt8]) {
    precondition(height > 0 && width > 0 && (channels == 1 || channels == 3), "image \(height)×\(width)×\(channels)")
    precondition(pixels.count == height * width * channels, "\(pixels.count) bytes for \(height)×\(width)×\(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    self.pixels = pixels
  }
}
