import Foundation
import Kernels

/// Makes pictures of 8 bits from PNG and JPEG files of any kind: grey, palette, 16 bits (their upper 8), transparency
/// (on white, in the values stored), CMYK, progressive, turned by the camera. Gamma and colour profiles are not applied.
///
/// Whatever cost pixels is an error: a file cut off, a wrong checksum, any of libjpeg's warnings but those about notes
/// beside the picture. What lies behind the end of a picture is not looked at.
public struct ImageDecoder: Hashable, Sendable {
  /// Channels of every picture made: 3, or 1 for the luma.
  public var channels = 3
  /// A picture with more pixels is refused before memory is taken for it.
  public var maximumPixels = 100_000_000
  /// A file with more bytes is refused before it is read.
  public var maximumBytes = 1 << 29
  /// A picture whose shorter side is longer than this is shrunk until it is that long (bilinear, antialiased; JPEG
  /// files are decoded at a part of their size where that leaves at least twice this). nil: never.
  public var shorterSide: Int?

  public init() {}

  /// - Throws: ``DataError`` naming the file: missing, empty, of another format, damaged, cut off, or too large.
  public func decode(_ url: URL) throws -> Image {
    let path = BytePath(url)
    return try decode(try OpenFile(path).contents(limit: maximumBytes), name: path.description)
  }

  /// - Parameter name: what errors call these bytes.
  /// - Throws: ``DataError`` as above.
  public func decode(_ bytes: [UInt8], name: String) throws -> Image {
    do {
      var image: Image
      switch try Format(of: bytes) {
      case .png: image = try PNGDecoder.decode(bytes, maximumPixels: maximumPixels)
      case .jpeg: image = try JPEGDecoder.decode(bytes, maximumPixels: maximumPixels, shorterSide: shorterSide)
      }
      image = try shrunk(image)
      image = channels == 1 ? image.singleChannel() : image.colour()
      return image.oriented(ExifOrientation.find(in: bytes))
    } catch let problem as DecodingProblem {
      throw DataError(name, problem.text, remedy: problem.remedy, isShortage: problem.isShortage)
    }
  }

  /// Looks at format and size only.
  /// - Throws: ``DataError`` as ``decode(_:)``, but for damage behind the header.
  public func check(_ url: URL) throws {
    let path = BytePath(url)
    try check(try OpenFile(path).contents(limit: maximumBytes), name: path.description)
  }

  /// - Parameter name: what errors call these bytes.
  public func check(_ bytes: [UInt8], name: String) throws {
    do {
      let size =
        switch try Format(of: bytes) {
        case .png: try PNGDecoder.size(of: bytes)
        case .jpeg: try JPEGDecoder.size(of: bytes)
        }
      try requireSize(height: size.height, width: size.width, maximumPixels: maximumPixels)
    } catch let problem as DecodingProblem {
      throw DataError(name, problem.text, remedy: problem.remedy, isShortage: problem.isShortage)
    }
  }

  private func shrunk(_ image: Image) throws -> Image {
    guard let shorterSide, min(image.height, image.width) > shorterSide else { return image }
    func scaled(_ side: Int) -> Int {
      let shorter = min(image.height, image.width)
      return max(1, (side * shorterSide * 2 + shorter) / (2 * shorter))
    }
    return try image.resized(height: scaled(image.height), width: scaled(image.width))
  }
}

extension ImageDecoder {
  enum Format {
    case png, jpeg

    init(of bytes: [UInt8]) throws {
      switch PictureFormat(head: Array(bytes.prefix(PictureFormat.headBytes))) {
      case .png: self = .png
      case .jpeg: self = .jpeg
      case .other(let name):
        let article = name.first.map { "AEIO".contains($0) } == true ? "an" : "a"
        throw DecodingProblem("is \(article) \(name) picture", remedy: "PNG and JPEG are read; convert it")
      case nil:
        throw DecodingProblem(bytes.isEmpty ? "is empty" : "is neither a PNG nor a JPEG picture")
      }
    }
  }
}

/// What is wrong with the bytes of a picture; ``ImageDecoder`` adds the file.
struct DecodingProblem: Error {
  let text: String
  let remedy: String
  let isShortage: Bool

  init(_ text: String, remedy: String = "", isShortage: Bool = false) {
    (self.text, self.remedy, self.isShortage) = (text, remedy, isShortage)
  }

  static let memory = DecodingProblem(
    "cannot be decoded: not enough memory", remedy: "let the process have more (`ulimit -v`, `ulimit -d`)", isShortage: true)
}

/// Throws for pictures without pixels or with more than the limit, which would fill the memory.
func requireSize(height: Int, width: Int, maximumPixels: Int) throws {
  guard height > 0, width > 0 else { throw DecodingProblem("is a picture of \(height)×\(width) pixels") }
  guard height <= maximumPixels / width else {
    throw DecodingProblem(
      "is a picture of \(height)×\(width) pixels, more than the limit of \(maximumPixels)",
      remedy: "shrink it, leave it out, or raise the limit (`max_pixels` of a folder, `--max-pixels` of `embed`)")
  }
}
