import Foundation

/// The markers of a JPEG file (ITU-T T.81, annex B) as they follow each other. What lies within a segment, such as a
/// thumbnail, is passed over, and what lies behind the end mark is not looked at.
struct JPEGMarkers {
  struct Segment {
    let marker: UInt8
    let data: Range<Int>
  }

  /// The segments before the first scan.
  private(set) var header: [Segment] = []
  /// The place of the end mark; nil where the file ends without one.
  private(set) var end: Int?
  /// Colour components that the frame has and no scan brings.
  var missingComponents: Int { frame.subtracting(scanned).count }

  private var frame: Set<UInt8> = []
  private var scanned: Set<UInt8> = []

  init(_ file: [UInt8]) {
    file.withUnsafeBufferPointer { bytes in
      var place = 2
      var isInScan = false
      while let (at, marker) = Self.nextMarker(bytes, from: place) {
        place = at + 2
        switch marker {
        case 0x00, 0x01, 0xd0...0xd8: continue  // no segment: data of a scan, restart marks
        case 0xd9:
          end = at
          return
        default: break
        }
        guard place + 2 <= bytes.count else { return }
        let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])  // its own two bytes included
        guard length >= 2, place + length <= bytes.count else { return }
        let segment = place + 2..<place + length
        place = segment.upperBound
        read(marker, bytes[segment])
        if marker == 0xda { isInScan = true }
        if !isInScan { header.append(Segment(marker: marker, data: segment)) }
      }
    }
  }

  /// The next byte 0xff that another byte follows, and that byte; fill bytes are passed over.
  private static func nextMarker(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (at: Int, UInt8)? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, 0xff, bytes.count - start)
    else { return nil }
    var place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
    while place + 1 < bytes.count {
      if bytes[place + 1] != 0xff { return (place, bytes[place + 1]) }
      place += 1
    }
    return nil
  }

  /// Frames and scans say which components they have.
  private mutating func read(_ marker: UInt8, _ data: Slice<UnsafeBufferPointer<UInt8>>) {
    func components(from start: Int, step: Int) -> [UInt8] {
      stride(from: data.startIndex + start, to: data.endIndex, by: step).map { data[$0] }
    }
    switch marker {
    case 0xc4, 0xc8, 0xcc: break  // tables
    case 0xc0...0xcf where data.count > 6: frame = Set(components(from: 6, step: 3).prefix(Int(data[data.startIndex + 5])))
    case 0xda where data.count > 1: scanned.formUnion(components(from: 1, step: 2).prefix(Int(data[data.startIndex])))
    default: break
    }
  }
}
