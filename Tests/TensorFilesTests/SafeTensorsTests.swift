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

  @Test func typesOfOtherWritersAreRead() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x.safetensors")
    func values(_ type: String, _ bytes: [UInt8]) throws -> [Double] {
      let header = #"{"h":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,\#(bytes.count)]}}"#
      try raw(header, bytes, url)
      return try #require(SafeTensors.read(url).tensors["h"]).doubles
    }
    #expect(try values("F16", [0x00, 0xC0, 0xFF, 0x7B]) == [-2, 65504])
    #expect(try values("BF16", [0x80, 0x3F, 0x00, 0xC0]) == [1, -2])
    #expect(try values("BOOL", [0, 3]) == [0, 1])
    #expect(try values("I8", [255, 5]) == [-1, 5])
    #expect(try values("I16", [254, 255, 5, 0]) == [-2, 5])
    #expect(try values("U16", [254, 255, 5, 0]) == [65534, 5])
    #expect(try values("U32", [255, 255, 255, 255, 5, 0, 0, 0]) == [4_294_967_295, 5])
    #expect(try SafeTensors.read(url).tensors["h"]?.floats == [0x1p32, 5])
    #expect(try values("U64", [UInt8](repeating: 255, count: 8) + [5, 0, 0, 0, 0, 0, 0, 0]) == [0x1p64, 5])
    #expect(try SafeTensors.read(url).tensors["h"]?.integers == nil)
    #expect(try SafeTensors.read(url).tensors["h"]?.floats == [0x1p64, 5])
  }

  /// What the reference reader reads: each of these holds the tensor `a`, one byte of 7.
  @Test(arguments: [
    #"{"__metadata__":null,"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"__metadata__":{},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
    " {\n\"a\" :\t{\"data_offsets\":[0,1],\"shape\":[1],\"dtype\":\"U8\"}}  \n\r\t ",
    #"{"\u0061":{"dtype":"\u0055\u0038","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"note":[{"x":-1.5e-3},null,true,false,"\ud83d\ude00\/"]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"n":123456789012345678901234567890}}"#,
    #"{"z":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"z":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
    #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"deep":\#(nest(120))}}"#,
  ])
  func headersOfOtherWriters(_ header: String) throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x.safetensors")
    try raw(header, [7], url)
    let contents = try SafeTensors.read(url)
    #expect(contents.tensors["a"]?.integers == [7])
    #expect(contents.metadata.isEmpty)
  }

  @Test(arguments: [
    ("not JSON", "{\"a\":", [UInt8](), "header: not valid JSON"),
    ("array", "[]", [], "header: is a list, not an object"),
    ("nothing", "", [], "it ends too early"),
    ("name twice", #"{"a":\#(entry("[0,1]")),"a":\#(entry("[1,2]"))}"#, [0, 0], "\"a\" is given twice"),
    ("name twice, the same", #"{"a":\#(entry("[0,1]")),"a":\#(entry("[0,1]"))}"#, [0], "\"a\" is given twice"),
    ("name twice, escaped", #"{"a":\#(entry("[0,1]")),"\u0061":\#(entry("[1,2]"))}"#, [0, 0], "\"a\" is given twice"),
    ("name twice, composed", "{\"\u{e9}\":\(entry("[0,1]")),\"e\u{301}\":\(entry("[1,2]"))}", [0, 0], "two Unicode forms"),
    ("key twice", #"{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}"#, [0], "\"dtype\" is given twice"),
    ("metadata twice", #"{"__metadata__":null,"__metadata__":{},"a":\#(entry("[0,1]"))}"#, [0], "is given twice"),
    ("metadata's key twice", #"{"__metadata__":{"k":"1","k":"2"}}"#, [], "\"k\" is given twice"),
    ("metadata of numbers", #"{"__metadata__":{"k":1}}"#, [], "\"k\" in __metadata__ is 1, not a string"),
    ("metadata a list", #"{"__metadata__":["k"]}"#, [], "__metadata__ is a list"),
    ("no entry", #"{"a":null}"#, [], "tensor \"a\" is null"),
    ("fraction", #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, [0], "1.0 in shape is not a whole number"),
    ("minus zero", #"{"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}"#, [], "-0 in shape is not a whole number"),
    ("text", #"{"a":{"dtype":"U8","shape":["1"],"data_offsets":[0,1]}}"#, [0], "a string in shape"),
    ("leading zero", #"{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}"#, [0], "begins with 0"),
    ("plus", #"{"a":{"dtype":"U8","shape":[+1],"data_offsets":[0,1]}}"#, [0], "no value begins here"),
    ("beyond 64 bits", #"{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}}"#, [0], "18446744073709551616 in shape"),
    ("infinite", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1e999}}"#, [0], "1e999 is too large"),
    ("small letters", #"{"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}}"#, [0], "u8 is not one of safetensors'"),
    ("float8", #"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, [0], "F8_E4M3 is not read (BOOL, U8"),
    ("three offsets", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}"#, [0], "not [begin, end]"),
    ("hole of nothing", #"{"a":\#(entry("[0,1]")),"z":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}"#, [0], "leaves a gap"),
    ("byte order mark", "\u{feff}{}", [], "no value begins here"),
    ("end", "{}\0", [], "something stands after its end"),
    ("comma", "{\"a\":\(entry("[0,1]")),}", [0], "a name in double quotes is missing"),
    ("single quotes", "{'a':1}", [], "a name in double quotes is missing"),
    ("control", "{\"a\n\":\(entry("[0,1]"))}", [0], "a control character"),
    ("surrogate", #"{"\ud800":\#(entry("[0,1]"))}"#, [0], "half a surrogate pair"),
    ("escape", #"{"\q":\#(entry("[0,1]"))}"#, [0], "unknown escape"),
    ("NaN", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":NaN}}"#, [0], "no value begins here"),
    ("deep", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":\#(nest(126))}}"#, [0], "more than 127 levels"),
    ("very deep", nest(100_000), [], "more than 127 levels"),
    ("type", #"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#, [UInt8](repeating: 0, count: 8), "C64"),
    ("missing", #"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, [0, 0, 0, 0], "\"shape\" is missing in a"),
    ("size", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "which needs 8"),
    ("negative", #"{"a":{"dtype":"U8","shape":[-1,-4],"data_offsets":[0,4]}}"#, [0, 0, 0, 0], "-1 in shape is not a whole number"),
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

  @Test func headersAreUTF8() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x")
    for bad: [UInt8] in [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0xaf]] {
      let header = Array("{\"".utf8) + bad + Array("\":1}".utf8)
      try (Data([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]) + Data(header)).write(to: url)
      let error = #expect(throws: TensorFileError.self) { try SafeTensors.read(url) }
      #expect(error?.detail == "header: is not UTF-8")
    }
  }

  private static func entry(_ offsets: String) -> String {
    #"{"dtype":"U8","shape":[1],"data_offsets":\#(offsets)}"#
  }

  private static func nest(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
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
