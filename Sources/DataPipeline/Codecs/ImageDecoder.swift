import Foundation
import Kernels

/// Makes pictures of 8 bits from PNG and JPEG files of any kind: grey, palette, 16 bits, transparency (on white),
/// CMYK, progressive, turned by the camera.
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
  public func decode(_ url: URL) throws -> Image { try decode(try read(url), name: url.path) }

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
      throw DataError(name, problem.text, remedy: problem.remedy)
    }
  }

  /// Looks at format and size only.
  /// - Throws: ``DataError`` as ``decode(_:)``, but for damage behind the header.
  public func check(_ url: URL) throws {
    let bytes = try read(url)
    do {
      let size =
        switch try Format(of: bytes) {
        case .png: try PNGDecoder.size(of: bytes)
        case .jpeg: try JPEGDecoder.size(of: bytes)
        }
      try requireSize(height: size.height, width: size.width, maximumPixels: maximumPixels)
    } catch let problem as DecodingProblem {
      throw DataError(url.path, problem.text, remedy: problem.remedy)
    }
  }

  private func read(_ url: URL) throws -> [UInt8] {
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
    } catch {
      throw DataError(url.path, "does not exist or cannot be looked at")
    }
    if let size = (attributes[.size] as? NSNumber)?.intValue, size > maximumBytes {
      throw DataError(url.path, "is \(size) bytes long, more than the limit of \(maximumBytes)")
    }
    do {
      return [UInt8](try Data(contentsOf: url))
    } catch {
      throw DataError(url.path, "cannot be read: \((error as NSError).localizedDescription)")
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
      func begins(_ magic: [UInt8], at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: magic) }
      if begins([0x89, 0x50, 0x4e, 0x47]) {
        self = .png
      } else if begins([0xff, 0xd8]) {
        self = .jpeg
      } else if bytes.isEmpty {
        throw DecodingProblem("is empty")
      } else {
        let others: [(String, [UInt8], Int)] = [
          ("GIF", Array("GIF8".utf8), 0), ("WebP", Array("WEBP".utf8), 8), ("BMP", Array("BM".utf8), 0),
          ("TIFF", [0x49, 0x49, 0x2a, 0], 0), ("TIFF", [0x4d, 0x4d, 0, 0x2a], 0),
          ("HEIF or AVIF", Array("ftyp".utf8), 4),
        ]
        let other = others.first { begins($0.1, at: $0.2) }?.0
        throw DecodingProblem(
          other.map { "is a \($0) picture" } ?? "is neither a PNG nor a JPEG picture",
          remedy: other == nil ? "" : "PNG and JPEG are read; convert it")
      }
    }
  }
}

/// What is wrong with the bytes of a picture; ``ImageDecoder`` adds the file.
struct DecodingProblem: Error {
  let text: String
  let remedy: String

  init(_ text: String, remedy: String = "") { (self.text, self.remedy) = (text, remedy) }
}

/// Throws for pictures without pixels or with more than the limit, which would fill the memory.
func requireSize(height: Int, width: Int, maximumPixels: Int) throws {
  guard height > 0, width > 0 else { throw DecodingProblem("is a picture of \(height)×\(width) pixels") }
  guard height <= maximumPixels / width else {
    throw DecodingProblem(
      "is a picture of \(height)×\(width) pixels, more than the limit of \(maximumPixels)",
      remedy: "shrink it, or leave it out")
  }
}
