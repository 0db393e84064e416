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

  @Test(arguments: [
    ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4, "'>f4' is not supported"),
    ("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", 4, "column-major"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4, "which needs 8"),
    ("{'descr': '<f4', 'shape': (2,), }", 8, "header lacks"),
  ])
  func badHeadersAreRefused(_ header: String, _ bytes: Int, _ expected: String) throws {
    let folder = try TemporaryFolder()
    let url = folder.file("bad.npy")
    let file = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, UInt8(header.utf8.count), 0])
    try (file + Data(header.utf8) + Data(count: bytes)).write(to: url)
    let error = #expect(throws: TensorFileError.self) { try Npy.read(url) }
    #expect(error?.detail.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    try Data("PK zip".utf8).write(to: folder.file("x.npy"))
    #expect(throws: TensorFileError.self) { try Npy.read(folder.file("x.npy")) }
  }
}
