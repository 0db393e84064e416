import CKernels

extension Image {
  /// Turned and mirrored as an EXIF orientation asks (1…8; 1 is upright, and so is any other number).
  public func oriented(_ orientation: Int) -> Image {
    guard (2...8).contains(orientation) else { return self }
    let turned = orientation >= 5
    var result = Image(blackOf: turned ? width : height, turned ? height : width, channels: channels)
    ck_orient(&result.pixels, pixels, height, width, Int32(channels), Int32(orientation))
    return result
  }

  /// From four bytes a pixel of cyan, magenta, yellow and black as JPEG files hold them, 255 being no ink.
  ///
  /// Programmer error: a number of bytes that is not height × width × 4 traps.
  public init(height: Int, width: Int, adobeInks inks: [UInt8]) {
    precondition(inks.count == height * width * 4, "\(inks.count) bytes for \(height)×\(width) pixels of four inks")
    self.init(blackOf: height, width, channels: 3)
    ck_cmyk_to_rgb(&pixels, inks, height * width)
  }
}
