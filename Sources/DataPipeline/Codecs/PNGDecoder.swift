import CImageCodecs
import Kernels

/// PNG through libpng's simplified interface, which has no long jumps and takes no memory a file asks for.
enum PNGDecoder {
  static func size(of bytes: [UInt8]) throws -> (height: Int, width: Int) {
    try withHeader(of: bytes) { (Int($0.height), Int($0.width)) }
  }

  static func decode(_ bytes: [UInt8], maximumPixels: Int) throws -> Image {
    try withHeader(of: bytes) { header in
      let (height, width) = (Int(header.height), Int(header.width))
      try requireSize(height: height, width: width, maximumPixels: maximumPixels)
      let colour = header.format & UInt32(PNG_FORMAT_FLAG_COLOR) != 0
      header.format = UInt32(colour ? PNG_FORMAT_FLAG_COLOR : 0)  // R G B or grey, 8 bits, no alpha
      header.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)  // 16 bits are finer steps of the same curve
      let channels = colour ? 3 : 1
      var pixels = [UInt8](repeating: 0, count: height * width * channels)
      var white = png_color(red: 255, green: 255, blue: 255)
      guard png_image_finish_read(&header, &white, &pixels, Int32(width * channels), nil) != 0 else {
        throw DecodingProblem("is damaged or cut off: \(message(header))")
      }
      return Image(height: height, width: width, channels: channels, pixels: pixels)
    }
  }

  private static func withHeader<R>(of bytes: [UInt8], _ body: (inout png_image) throws -> R) throws -> R {
    var header = png_image()
    header.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&header) }
    return try bytes.withUnsafeBytes { memory in
      guard png_image_begin_read_from_memory(&header, memory.baseAddress, memory.count) != 0 else {
        throw DecodingProblem("has a damaged header: \(message(header))")
      }
      return try body(&header)
    }
  }

  private static func message(_ header: png_image) -> String {
    withUnsafeBytes(of: header.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
