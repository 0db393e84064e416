import CImageCodecs
import Kernels

/// JPEG through TurboJPEG.
enum JPEGDecoder {
  static func size(of bytes: [UInt8]) throws -> (height: Int, width: Int) {
    let handle = try Handle()
    let header = try handle.readHeader(bytes)
    return (header.height, header.width)
  }

  static func decode(_ bytes: [UInt8], maximumPixels: Int, shorterSide: Int?) throws -> Image {
    let handle = try Handle()
    let header = try handle.readHeader(bytes)
    try requireSize(height: header.height, width: header.width, maximumPixels: maximumPixels)
    let divisor = divisor(of: header, shorterSide: shorterSide)
    let height = (header.height + divisor - 1) / divisor
    let width = (header.width + divisor - 1) / divisor

    let inks = header.space == TJCS_CMYK.rawValue || header.space == TJCS_YCCK.rawValue
    let format = inks ? TJPF_CMYK : header.space == TJCS_GRAY.rawValue ? TJPF_GRAY : TJPF_RGB
    let channels = inks ? 4 : format == TJPF_GRAY ? 1 : 3
    var pixels = [UInt8](repeating: 0, count: height * width * channels)
    let status = tjDecompress2(
      handle.handle, bytes, UInt(bytes.count), &pixels, Int32(width), Int32(width * channels), Int32(height),
      format.rawValue, TJFLAG_LIMITSCANS)
    if status != 0, handle.isDamage {
      throw DecodingProblem("is damaged or cut off: \(handle.message)")
    }
    if inks { return Image(height: height, width: width, adobeInks: pixels) }
    return Image(height: height, width: width, channels: channels, pixels: pixels)
  }

  /// The largest of 1, 2, 4, 8 that leaves at least twice the wanted length of the shorter side.
  private static func divisor(of header: Header, shorterSide: Int?) -> Int {
    guard let shorterSide else { return 1 }
    let shorter = min(header.height, header.width)
    return [8, 4, 2].first { shorter / $0 >= 2 * shorterSide } ?? 1
  }

  struct Header {
    var height: Int
    var width: Int
    var space: UInt32
  }

  private final class Handle {
    let handle: tjhandle

    init() throws {
      guard let handle = tjInitDecompress() else { throw DecodingProblem("cannot be decoded: not enough memory") }
      self.handle = handle
    }

    deinit { tjDestroy(handle) }

    var message: String { tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error" }

    /// Whether the last call that failed spoiled pixels. TurboJPEG fails for every warning, which cameras and editors
    /// give cause for, and calls an error after a warning a warning too: so it is the harmless ones that are listed.
    var isDamage: Bool {
      let text = message
      return !Self.harmless.contains { text.contains($0) }
    }

    private static let harmless = [
      "extraneous bytes before marker", "unknown JFIF revision number", "Unknown Adobe color transform code",
      "Inconsistent progression sequence", "Invalid SOS parameters for sequential JPEG", "bad ICC marker",
    ]

    func readHeader(_ bytes: [UInt8]) throws -> Header {
      var (width, height, sampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
      let status = tjDecompressHeader3(handle, bytes, UInt(bytes.count), &width, &height, &sampling, &space)
      if status != 0, isDamage || width <= 0 || height <= 0 {
        throw DecodingProblem("has a damaged header: \(message)")
      }
      return Header(height: Int(height), width: Int(width), space: UInt32(space))
    }
  }
}
