/// What kind of picture a file is, by its first bytes or by its name.
enum PictureFormat: Hashable, Sendable {
  /// Those that are read.
  case png, jpeg
  /// One that is not, by its usual name.
  case other(String)

  /// As many bytes as telling takes.
  static let headBytes = 32

  /// By the first bytes of a file; nil for what is no known kind of picture.
  init?(head: [UInt8]) {
    func has(_ magic: [UInt8], at place: Int = 0) -> Bool { head.dropFirst(place).starts(with: magic) }
    func has(_ magic: String, at place: Int = 0) -> Bool { has(Array(magic.utf8), at: place) }
    if has([0x89, 0x50, 0x4e, 0x47]) {
      self = .png
    } else if has([0xff, 0xd8, 0xff]) || head == [0xff, 0xd8] {
      self = .jpeg
    } else if has("GIF87a") || has("GIF89a") {
      self = .other("GIF")
    } else if has("RIFF"), has("WEBP", at: 8) {
      self = .other("WebP")
    } else if has("BM"), has([0, 0, 0, 0], at: 6), head.count >= 18, head[15] == 0, head[16] == 0, head[17] == 0 {
      self = .other("BMP")
    } else if has([0x49, 0x49, 0x2a, 0]) || has([0x4d, 0x4d, 0, 0x2a]) || has([0x49, 0x49, 0x2b, 0]) || has([0x4d, 0x4d, 0, 0x2b]) {
      self = .other("TIFF")
    } else if has("ftyp", at: 4), let name = Self.still(brands: head[8...]) {
      self = .other(name)
    } else if has([0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20]) || has([0xff, 0x4f, 0xff, 0x51]) {
      self = .other("JPEG 2000")
    } else if has([0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20]) || has([0xff, 0x0a]) {
      self = .other("JPEG XL")
    } else if has("8BPS") {
      self = .other("Photoshop")
    } else if has([0x76, 0x2f, 0x31, 0x01]) {
      self = .other("OpenEXR")
    } else if has("P"), head.count > 3, (0x31...0x37).contains(head[1]), Self.isSpace(head[2]), Self.mayFollow(head[3]) {
      self = .other("PNM")
    } else {
      return nil
    }
  }

  /// By the ending of a name, small letters.
  init?(ending: String) {
    guard let format = Self.endings[ending] else { return nil }
    self = format
  }

  /// Of an ISO base media file: films and sound have other brands.
  private static func still(brands: ArraySlice<UInt8>) -> String? {
    let names = stride(from: brands.startIndex, to: brands.endIndex - 3, by: 4).map {
      String(decoding: brands[$0..<$0 + 4], as: UTF8.self)
    }
    if names.contains(where: { ["avif", "avis"].contains($0) }) { return "AVIF" }
    return names.contains { ["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"].contains($0) } ? "HEIC" : nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }

  /// Behind the magic number of a PNM: a size, a comment, or the head of a PAM.
  private static func mayFollow(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "W")
  }

  private static let endings: [String: PictureFormat] = {
    var endings: [String: PictureFormat] = ["png": .png, "jpg": .jpeg, "jpeg": .jpeg, "jpe": .jpeg, "jfif": .jpeg]
    let others = [
      "WebP": "webp", "HEIC": "heic heif hif", "GIF": "gif", "BMP": "bmp dib", "TIFF": "tif tiff", "AVIF": "avif avifs",
      "PNM": "pnm pbm pgm ppm pam", "JPEG 2000": "jp2 j2k jpf jpx jpm", "JPEG XL": "jxl", "ICO": "ico", "TGA": "tga",
      "Photoshop": "psd psb", "SVG": "svg svgz", "OpenEXR": "exr",
      "camera raw": "dng cr2 cr3 crw nef nrw arw orf rw2 raf pef srw",
    ]
    for (name, list) in others { for ending in list.split(separator: " ") { endings[String(ending)] = .other(name) } }
    return endings
  }()
}
