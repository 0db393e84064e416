import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct NpyTests {
  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x.npy")
    for tensor in [
      FileTensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), FileTensor([1.5, -2] as [Double]),
      FileTensor([Int64(9)], shape: []), FileTensor([1, 2] as [Int32], shape: [2, 1]),
      FileTensor([] as [UInt8], shape: [0, 4]),
    ] {
      try Npy.write(tensor, to: url)
      #expect(try Npy.read(url) == tensor)
    }
  }

  /// numpy.save(…, numpy.arange(3, dtype='<f4')), byte for byte.
  @Test func bytesAreNumpys() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x.npy")
    try Npy.write(FileTensor([0, 1, 2] as [Float]), to: url)
    var expected = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0])
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"
    expected += Data(text.utf8) + Data(repeating: 32, count: 117 - text.utf8.count) + Data([10])
    expected += Data([0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64])
    #expect(try Data(contentsOf: url) == expected)
  }

  /// The same six numbers, 0 … 5 as rows of 2 × 3, in the ways that numpy.load reads.
  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2 L, 3), }",
    #"{"descr": "<f4", "fortran_order": False, "shape": (2, 3)}"#,
    "{u'shape': (+2, 0x3,), u'descr': u'<f4', 'fortran_order': False}",
    "{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
    " { 'descr' : 'float32' , # from elsewhere\n 'fortran_order' : False ,\n 'shape' : ( (2 , 3) ) , } \n\n",
    "{'fortran_order': False, 'shape': (0b10, 0o3), 'descr': r'f'}",
    "({'descr': '=f4', 'fortran_order': False, 'shape': (2, 3)})",
  ])
  func headersOfOtherWriters(_ header: String) throws {
    let tensor = try read(header, bytes(of: [0, 1, 2, 3, 4, 5] as [Float]))
    #expect(tensor == FileTensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3]))
  }

  @Test func everyElementType() throws {
    func values(_ descr: String, _ bytes: [UInt8]) throws -> [Double] {
      try read("{'descr': '\(descr)', 'fortran_order': False, 'shape': (2,)}", bytes).doubles
    }
    #expect(try values("|b1", [0, 7]) == [0, 1])
    #expect(try values("|u1", [1, 255]) == [1, 255])
    #expect(try values("|i1", [1, 255]) == [1, -1])
    #expect(try values("<u2", [1, 0, 255, 255]) == [1, 65535])
    #expect(try values(">i2", [0, 1, 255, 254]) == [1, -2])
    #expect(try values(">u4", [0, 0, 0, 1, 255, 255, 255, 255]) == [1, 4_294_967_295])
    #expect(try values("<i4", [1, 0, 0, 0, 255, 255, 255, 255]) == [1, -1])
    #expect(try values("<u8", [UInt8](repeating: 255, count: 8) + [1, 0, 0, 0, 0, 0, 0, 0]) == [0x1p64, 1])
    #expect(try values(">i8", [UInt8](repeating: 255, count: 8) + [0, 0, 0, 0, 0, 0, 0, 1]) == [-1, 1])
    #expect(try values(">f2", [0x3c, 0, 0xc0, 0]) == [1, -2])
    #expect(try values(">f4", [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0]) == [1, -2])
    #expect(try values(">f8", [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]) == [1, -2])
  }

  /// As `numpy.save` writes `numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4))`.
  @Test func columnMajorArraysArePutInOrder() throws {
    var stored: [Float] = []
    for column in 0..<4 { for row in 0..<3 { for plane in 0..<2 { stored.append(Float(12 * plane + 4 * row + column)) } } }
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4), }"
    #expect(try read(header, bytes(of: stored)) == FileTensor((0..<24).map(Float.init), shape: [2, 3, 4]))
    let empty = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 0, 4), }"
    #expect(try read(empty, []).shape == [2, 0, 4])
  }

  @Test func versionsScalarsAndWhatFollowsTheArray() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': ()}"
    let one = bytes(of: [1.5] as [Float])
    for version: UInt8 in 1...3 { #expect(try read(header, one + [9, 9, 9], version: version).floats == [1.5]) }
    #expect(try read("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 7)}", []).count == 0)
    #expect(failure(header, one, version: 4).contains("npy version 4.0 is not known"))
    #expect(failure("{'descr': '<f4', 'fortran_order': False, 'shape': (1L,)}", one, version: 3).contains("comma"))
  }

  /// What numpy refuses, and element types that are none of ours.
  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "4 bytes of data for shape [2] of <f4, which needs 8"),
    ("{'descr': '<f4', 'shape': (1,), }", "lacks fortran_order"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "has the key 'x'"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}", "has shape twice"),
    ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "neither True nor False"),
    ("{'descr': '<f4', 'fortran_order': false, 'shape': (1,)}", "the word false"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", "has shape 1, which is not a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': [1]}", "has shape [1], which is not a tuple"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1)}", "has -1 in its shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}", "has 1.0 in its shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (01,)}", "is not a Python literal: "),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,,)}", "is not a Python literal"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}", "is not a Python literal"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "impossible shape"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551616, 0)}", "has 18446744073709551616 in its"),
    ("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "element type '<c8', which is not read (|b1, |u1"),
    ("{'descr': 'b2', 'fortran_order': False, 'shape': (1,)}", "element type 'b2'"),
    ("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "are Python objects"),
    ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "structured element type (descr [('a', '<f4')])"),
    ("{'descr': b'<f4', 'fortran_order': False, 'shape': (1,)}", "a string with the prefix b"),
    ("['descr']", "is not a dictionary"), ("", "it ends too early"), ("{'descr': '<f4", "a string does not end"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", "something stands after its end"),
    (String(repeating: "(", count: 200), "more than 32 levels"),
  ])
  func badHeadersAreRefused(_ header: String, _ expected: String) {
    let text = failure(header, [0, 0, 0, 0])
    #expect(text.contains(expected), "\(text)")
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    try Data("PK zip".utf8).write(to: folder.file("x.npy"))
    #expect(throws: TensorFileError.self) { try Npy.read(folder.file("x.npy")) }
  }

  private func read(_ header: String, _ body: [UInt8], version: UInt8 = 1) throws -> FileTensor {
    let folder = try TemporaryFolder()
    let url = folder.file("x.npy")
    let length = header.utf8.count
    let size = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    let file = Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0] + size) + Data(header.utf8) + Data(body)
    try file.write(to: url)
    return try Npy.read(url)
  }

  private func failure(_ header: String, _ body: [UInt8], version: UInt8 = 1) -> String {
    do {
      return "no error: \(try read(header, body, version: version).shape)"
    } catch {
      return "\(error)"
    }
  }

  private func bytes<T>(of values: [T]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }
}
