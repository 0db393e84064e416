import CImageCodecs
import Kernels

/// JPEG through libjpeg.
enum JPEGDecoder {
  static func size(of bytes: [UInt8]) throws -> (height: Int, width: Int) {
    try withReader(bytes, end: bytes.count) { reader in
      let header = try readHeader(reader)
      return (Int(header.height), Int(header.width))
    }
  }

  static func decode(_ bytes: [UInt8], maximumPixels: Int, shorterSide: Int?) throws -> Image {
    let markers = JPEGMarkers(bytes)
    return try withReader(bytes, end: markers.end ?? bytes.count) { reader in
      let header = try readHeader(reader)
      let (fullHeight, fullWidth, channels) = (Int(header.height), Int(header.width), Int(header.channels))
      try requireSize(height: fullHeight, width: fullWidth, maximumPixels: maximumPixels)
      guard markers.end != nil else { throw DecodingProblem("is damaged or cut off: the end mark is missing") }
      guard markers.missingComponents == 0 else {
        throw DecodingProblem("is damaged or cut off: \(markers.missingComponents) colour components are missing")
      }
      let divisor = divisor(shorter: min(fullHeight, fullWidth), shorterSide: shorterSide)
      let height = (fullHeight + divisor - 1) / divisor
      let width = (fullWidth + divisor - 1) / divisor
      var pixels = [UInt8](repeating: 0, count: height * width * channels)
      try require(ci_jpeg_decode(reader, Int32(divisor), &pixels), reader, "is damaged or cut off")
      if channels == 4 { return Image(height: height, width: width, adobeInks: pixels) }
      return Image(height: height, width: width, channels: channels, pixels: pixels)
    }
  }

  /// The largest of 1, 2, 4, 8 that leaves at least twice the wanted length of the shorter side.
  private static func divisor(shorter: Int, shorterSide: Int?) -> Int {
    guard let shorterSide else { return 1 }
    return [8, 4, 2].first { shorter / $0 >= 2 * shorterSide } ?? 1
  }

  private static func withReader<R>(
    _ bytes: [UInt8], end: Int, _ body: (OpaquePointer) throws -> R
  ) throws -> R {
    try bytes.withUnsafeBufferPointer { memory in
      guard let reader = ci_jpeg_open(memory.baseAddress, end) else { throw DecodingProblem.memory }
      defer { ci_jpeg_close(reader) }
      return try body(reader)
    }
  }

  private static func readHeader(_ reader: OpaquePointer) throws -> ci_header {
    var header = ci_header()
    try require(ci_jpeg_header(reader, &header), reader, "has a damaged header")
    return header
  }

  private static func require(_ status: ci_status, _ reader: OpaquePointer, _ what: String) throws {
    let message = String(cString: ci_jpeg_message(reader))
    switch status {
    case CI_OK: return
    case CI_NO_MEMORY: throw DecodingProblem.memory
    case CI_UNSUPPORTED:
      throw DecodingProblem(
        "is a kind of JPEG that is not read: \(message)",
        remedy: "convert it to baseline or progressive JPEG of 8 bits, or to PNG")
    default: throw DecodingProblem("\(what): \(message)")
    }
  }
}
