import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

@Suite struct SafeTensorsTests {
  @Test func everyElementTypeSurvivesARoundTrip() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("all.safetensors")
    let contents = SafeTensors.Contents(
      tensors: [
        "f32": FileTensor(Tensor([1, -0.0, .infinity, .leastNonzeroMagnitude], shape: [2, 2])),
        "f64": FileTensor([Double.pi, 1e300]),
        "i64": FileTensor([Int64.min, -1, Int64.max], shape: [1, 3]),
        "i32": FileTensor([Int32.min, 7]),
        "u8": FileTensor([0, 255, 3] as [UInt8]),
        "empty": FileTensor([Float](), shape: [0, 5]),
        "scalar": FileTensor([Float(2.5)], shape: []),
        "quote \" and \\ and\nline, é": FileTensor([Float(1)]),
      ],
      metadata: ["b": "text with \"quotes\"\u{1}", "a": ""])
    try SafeTensors.write(contents, to: url)
    let read = try SafeTensors.read(url)
    #expect(read == contents)
    #expect(read.tensors["f32"]?.tensor.values == [1, -0.0, .infinity, .leastNonzeroMagnitude])
    #expect(read.tensors["i64"]?.integers == [Int.min, -1, Int.max])
    #expect(read.tensors["u8"]?.floats == [0, 255, 3])
    #expect(read.tensors["scalar"]?.tensor.shape == [])
  }

  @Test func theSameContentsGiveTheSameBytes() throws {
    let folder = try TemporaryFolder()
    var files: [Data] = []
    for order in [["a", "b", "c", "d"], ["d", "b", "a", "c"]] {
      var contents = SafeTensors.Contents(tensors: [:])
      for name in order {
        contents.tensors[name] = name == "b" ? FileTensor([UInt8(1)]) : FileTensor([Float(1)])
        contents.metadata[name] = name
      }
      let url = folder.file("\(order[0]).safetensors")
      try SafeTensors.write(contents, to: url)
      files.append(try Data(contentsOf: url))
    }
    #expect(files[0] == files[1])
    #expect(files[0].first.map { $0 % 8 } == 0)
  }

  @Test func halfPrecisionIsRead() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("half.safetensors")
    let bits: [UInt8] = [0x00, 0x3C, 0x00, 0xC0, 0xFF, 0x7B]
    try raw(#"{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]}}"#, bits, url)
    #expect(try SafeTensors.read(url).tensors["h"]?.floats == [1, -2, 65504])
  }

  @Test(arguments: [
    ("not JSON", "{\"a\":", [UInt8](), "header: not valid JSON"),
    ("array", "[]", [], "header"),
    ("type", #"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, [UInt8](repeating: 0, count: 8), "C64"),
    ("missing", #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, [0, 0, 0, 0], "\"shape\" is missing in a"),
    ("size", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "which needs 8"),
    ("negative", #"{"a":{"dtype":"U8","shape":[-1,-4],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "impossible shape"),
    (
      "huge", #"{"a":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, [0, 0, 0, 0],
      "impossible shape"
    ),
    ("backwards", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, [0], "not [begin, end]"),
    ("one offset", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}}"#, [0], "not [begin, end]"),
    ("truncated", #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, [0, 0], "truncated"),
    ("gap", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, [0, 0], "leaves a gap"),
    (
      "overlap",
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
      [0, 0, 0], "tensor \"b\": begins at 1 and overlaps"
    ),
    ("tail", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, [0, 0, 0], "2 bytes after the last tensor"),
  ] as [(String, String, [UInt8], String)])
  func badFilesAreRefused(_ name: String, _ header: String, _ body: [UInt8], _ expected: String) throws {
    let folder = try TemporaryFolder()
    let url = folder.file("bad.safetensors")
    try raw(header, body, url)
    let error = #expect(throws: TensorFileError.self) { try SafeTensors.read(url) }
    #expect(error?.description.contains(expected) == true, "\(name): \(String(describing: error))")
    #expect(error?.description.hasPrefix(url.path) == true)
  }

  @Test func filesThatAreNoSafetensorsAreRefused() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x")
    for (bytes, expected) in [
      (Data([1, 2]), "too few"), (Data(repeating: 255, count: 40), "not a safetensors file"),
      (Data([99, 0, 0, 0, 0, 0, 0, 0, 123]), "truncated or not"),
    ] {
      try bytes.write(to: url)
      let error = #expect(throws: TensorFileError.self) { try SafeTensors.read(url) }
      #expect(error?.detail.contains(expected) == true)
    }
    #expect(throws: TensorFileError.self) { try SafeTensors.read(folder.file("absent")) }
  }

  private func raw(_ header: String, _ body: [UInt8], _ url: URL) throws {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
    try (Data(length) + Data(header.utf8) + Data(body)).write(to: url)
  }
}

@Suite struct AtomicFileTests {
  @Test func replacesAndLeavesNothingBeside() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("a.txt")
    try AtomicFile.write("one", to: url)
    try AtomicFile.write("two", to: url)
    #expect(try String(contentsOf: url, encoding: .utf8) == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.txt"])
  }

  @Test func failureKeepsTheOldFileAndNamesTheReason() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: TensorFileError.self) {
      try AtomicFile.write("x", to: folder.file("no/such/folder.txt"))
    }
    #expect(error?.detail.contains("No such file or directory") == true)
    // The name is taken by a folder: the rename fails after the data was written.
    let taken = folder.file("taken")
    try FileManager.default.createDirectory(at: taken.appending(path: "inside"), withIntermediateDirectories: true)
    #expect(throws: TensorFileError.self) { try AtomicFile.write("x", to: taken) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["taken"])
  }

  @Test func aFullDiskIsAnError() throws {
    // /dev/full cannot be renamed over, so the write itself is tried through a link to it.
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      at: folder.file(".full.bin.partial"), withDestinationURL: URL(filePath: "/dev/full"))
    let error = #expect(throws: TensorFileError.self) {
      try AtomicFile.write(Data(repeating: 1, count: 100_000), to: folder.file("full.bin"))
    }
    #expect(error?.detail.contains("No space left on device") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [])
  }
}
