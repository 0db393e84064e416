import CImageCodecs
import Kernels

/// PNG through libpng, in the values stored: gamma and colour profiles are left alone, as Pillow and OpenCV do.
///
/// - 16 bits are cut to the upper 8.
/// - What is transparent lies on white, mixed in the stored values, as browsers mix it.
/// - Any wrong checksum and a missing end mark are damage; bytes behind the end mark are not looked at.
enum PNGDecoder {
  static func size(of bytes: [UInt8]) throws -> (height: Int, width: Int) {
    try withHeader(of: bytes) { _, header in (Int(header.height), Int(header.width)) }
  }

  static func decode(_ bytes: [UInt8], maximumPixels: Int) throws -> Image {
    try withHeader(of: bytes) { reader, header in
      let (height, width) = (Int(header.height), Int(header.width))
      try requireSize(height: height, width: width, maximumPixels: maximumPixels)
      var channels = Int(header.channels)
      var pixels = [UInt8](repeating: 0, count: height * width * channels)
      try require(ci_png_decode(reader, &pixels), reader, "is damaged or cut off")
      if channels == 2 || channels == 4 {
        ci_on_white(&pixels, height * width, header.channels)
        channels -= 1
        pixels.removeLast(height * width)
      }
      return Image(height: height, width: width, channels: channels, pixels: pixels)
    }
  }

  private static func withHeader<R>(
    of bytes: [UInt8], _ body: (OpaquePointer, ci_header) throws -> R
  ) throws -> R {
    try bytes.withUnsafeBufferPointer { memory in
      guard let reader = ci_png_open(memory.baseAddress, memory.count) else { throw DecodingProblem.memory }
      defer { ci_png_close(reader) }
      var header = ci_header()
      try require(ci_png_header(reader, &header), reader, "has a damaged header")
      return try body(reader, header)
    }
  }

  private static func require(_ status: ci_status, _ reader: OpaquePointer, _ what: String) throws {
    switch status {
    case CI_OK: return
    case CI_NO_MEMORY: throw DecodingProblem.memory
    default: throw DecodingProblem("\(what): \(String(cString: ci_png_message(reader)))")
    }
  }
}
