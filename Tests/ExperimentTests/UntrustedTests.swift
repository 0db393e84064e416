import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct UntrustedTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, _ name: String = "a.recipe") throws -> String {
    let url = folder.file(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func check(_ path: String, _ arguments: String...) throws -> HarmoniaProgram.Outcome {
    switch arguments.count {
    case 0: try HarmoniaProgram.run("check", "--untrusted", path)
    case 1: try HarmoniaProgram.run("check", "--untrusted", path, arguments[0])
    default: try HarmoniaProgram.run("check", "--untrusted", path, arguments[0], arguments[1])
    }
  }

  @Test func testsAreNotRunAndDataIsNotLookedFor() throws {
    let path = try write(
      """
      test "writes" {
        save(filled(1, rows: 2), "written.npy")
        print("hello")
        expect 1 == 2
      }
      recipe r {
        length = 1ep
        data = two_views(source: mnist("/nowhere"), augment: .simclr(size: 28), batch: 8)
        model = encoder(resnet18(stem: .cifar), projector: mlp(output: 8))
        method = simclr(temperature: 0.2)
        optimizer = sgd(lr: 0.1)
      }

      """)
    let outcome = try check(path)
    #expect(outcome.status == 0, "\(outcome.err)")
    #expect(outcome.out == "\(path): no errors (1 recipe, 1 test not run)\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("").path) == ["a.recipe"])
    #expect(try check(path, "--tests").status == 64)
  }

  @Test func limitsAreLow() throws {
    let path = try write("let a = " + String(repeating: "(", count: 80) + "1" + String(repeating: ")", count: 80) + "\n")
    #expect(try HarmoniaProgram.run("check", path).status == 0)
    let outcome = try check(path)
    #expect(outcome.status == 2 && outcome.err.contains("E0802") && outcome.err.contains("--limit nesting=128"))
    #expect(try check(path, "--limit", "nesting=128").status == 0)
    let wrong = try check(path, "--limit", "nesting=many")
    #expect(wrong.status == 64 && wrong.err.contains("a whole number of 1 to 1000"))
  }

  @Test func importsStayInTheFolder() throws {
    let main = try write("import \"inside/b.recipe\" as b\nlet a = b.c\n", "project/main.recipe")
    _ = try write("let c = 1\n", "project/inside/b.recipe")
    #expect(try check(main).status == 0)

    _ = try write("let c = 1\n", "secret.recipe")
    let inside = folder.file("project/inside")
    try FileManager.default.createSymbolicLink(
      at: inside.appending(path: "link.recipe"), withDestinationURL: folder.file("secret.recipe"))
    try FileManager.default.createSymbolicLink(at: inside.appending(path: "up"), withDestinationURL: folder.file(""))
    #expect(mkfifo(inside.appending(path: "pipe.recipe").path, 0o600) == 0)
    try FileManager.default.createSymbolicLink(
      atPath: inside.appending(path: "null.recipe").path, withDestinationPath: "/dev/zero")
    for (path, code) in [
      ("../secret.recipe", "E0217"), ("/etc/passwd", "E0217"), ("inside/link.recipe", "E0217"),
      ("inside/up/secret.recipe", "E0217"), ("inside/null.recipe", "E0217"), ("inside/pipe.recipe", "not a plain file"),
      ("inside", "it is a folder"), ("nothing.recipe", "there is no such file"),
    ] {
      _ = try write("import \"\(path)\" as b\n", "project/main.recipe")
      let outcome = try check(main)
      #expect(outcome.status == 2 && outcome.err.contains(code), "\(path): \(outcome.err)")
      #expect(!outcome.err.contains("root:"))
    }
  }

  @Test func theFileItselfIsAPlainFile() throws {
    let pipe = folder.file("pipe.recipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    for path in [pipe, "/dev/zero"] {
      let outcome = try check(path)
      #expect(outcome.status == 2 && outcome.err.contains("it is not a plain file"), "\(outcome.err)")
    }
  }

  /// Kernels of tests ask for memory before they take it.
  @Test(arguments: [
    "filled(0, rows: 1000000, columns: 1000000)",
    "matmul(filled(0, rows: 1000000), filled(0, rows: 1, columns: 1000000))",
    "vertices(spread(classes: 65536, dimension: 65536))",
  ])
  func tensorsTooLargeForTheMemory(text: String) throws {
    let path = try write("test \"t\" {\n  let a = \(text)\n}\n")
    let outcome = try HarmoniaProgram.run("check", path)
    #expect(outcome.status == 1 && outcome.err.contains("E0808"), "\(outcome.err)")
    #expect(outcome.err.contains("--limit memory=2147483648"))
  }
}
