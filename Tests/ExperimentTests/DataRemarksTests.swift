import DataPipeline
import Experiment
import Foundation
import TestSupport
import Testing

/// What is left out of the images, and what cannot be measured of them, is said by plan, run, `embed`, report and result.
@Suite struct DataRemarksTests {
  private let folder: TemporaryFolder

  /// Four classes, a picture of its own kind in each copy; test pictures of each.
  init() throws {
    folder = try TemporaryFolder()
    for (split, count) in [("train", 6), ("test", 2)] {
      for label in 0..<4 { for number in 0..<count { try picture("\(split)/class \(label)/\(number).png", label) } }
    }
    try Data(
      """
      edition 1
      recipe r {
        length = 1ep
        data = two_views(
          source: folder("train", labels: .subfolders, broken: .skip, test: "test"), augment: .simclr(size: 8), batch: 8)
        model = encoder(resnet(blocks: [1], width: 4), projector: mlp(output: 8))
        method = simclr()
        optimizer = sgd(lr: 0.05)
        evaluate = linear_probe(epochs: 3)
      }
      """.utf8
    ).write(to: folder.file("r.recipe"))
  }

  private func picture(_ path: String, _ kind: Int) throws {
    try copy(["rgb.png", "grey.png", "palette.png", "rgb.jpg"][kind % 4], path)
  }

  private func copy(_ fixture: String, _ path: String) throws {
    let url = folder.file(path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: Fixtures.url("images/\(fixture)"), to: url)
  }

  private func remove(_ path: String) throws { try FileManager.default.removeItem(at: folder.file(path)) }
  private func text(_ path: String, _ content: String) throws { try Data(content.utf8).write(to: folder.file(path)) }

  private func request(_ overrides: [String]) -> RecipeRequest {
    RecipeRequest(file: folder.file("r.recipe").path, overrides: overrides)
  }

  private func longTail(_ imbalance: Int) -> String {
    "data.source=folder(\"\(folder.file("train").path)\", labels: .subfolders, test: \"\(folder.file("test").path)\")"
      + ".long_tail(imbalance: \(imbalance))"
  }

  private func plan(_ overrides: [String] = [], json: Bool = false) -> (status: Experiment.ExitStatus, text: String) {
    let lines = Lines()
    let status = PlanCommand(recipe: request(overrides), json: json, runs: folder.file("runs").path).run(lines.console)
    return (status, lines.all)
  }

  /// Everything said by a run, and its report and result.
  private func run(_ overrides: [String] = []) throws -> (said: String, report: String, result: JSONValue) {
    let lines = Lines()
    let out = folder.file("run-\(UUID())")
    try #require(RunCommand(recipe: request(overrides), out: out.path).run(lines.console) == .success, "\(lines.all)")
    return (
      lines.err.joined(separator: "\n"), String(decoding: try Data(contentsOf: out.appending(path: "report.html")), as: UTF8.self),
      try JSONValue(parsing: Data(contentsOf: out.appending(path: "result.json")))["arms"]!["r"]!
    )
  }

  @Test func theLimitOfPixelsIsTheRecipes() throws {
    func said(_ limit: Int) -> String {
      plan([
        "data.source=folder(\"\(folder.file("train").path)\", labels: .subfolders, max_pixels: \(limit))", "evaluate=none",
      ]).text
    }
    #expect(said(1 << 20).contains("24 for training"))
    #expect(said(10).contains("more than the limit of 10") && said(10).contains("max_pixels"))
  }

  @Test func whatIsLeftOutIsSaidEverywhere() throws {
    try text("train/class 1/photo.webp", "RIFF....WEBPVP8 ")
    try text("train/class 1/damaged.png", "nothing")
    try text("test/class 2/.hidden", "")
    let expected = [
      "left out of the training images: 1 broken image: class 1/damaged.png is neither a PNG nor a JPEG picture",
      "left out of the training images: 1 WebP picture (PNG and JPEG are read): class 1/photo.webp",
      "left out of the test images: 1 hidden file or folder: class 2/.hidden",
    ]
    let (planned, ran) = (plan(), try run())
    for line in expected {
      #expect(planned.text.contains(line), "\(planned.text)")
      #expect(ran.said.contains(line), "\(ran.said)")
      #expect(ran.report.contains(line))
    }
    let reasons = ran.result["remarks"]?["left_out"]?.elements?.map { $0["reason"]?.text }
    #expect(reasons == ["broken", "format WebP", "hidden"])
    let document = try JSONValue(parsing: Data(plan(json: true).text.utf8))
    #expect(document["arms"]?.elements?.first?["remarks"] == ran.result["remarks"])
    // A run without remarks says nothing of them.
    for path in ["train/class 1/photo.webp", "train/class 1/damaged.png", "test/class 2/.hidden"] { try remove(path) }
    #expect(try run().result["remarks"] == nil)
    #expect(!plan().text.contains("left out"))
  }

  @Test func aNameStaysOnItsLine() throws {
    try text("train/class 1/a\nb\u{1b}[31m\u{9b}.webp", "RIFF....WEBPVP8 ")
    let line = "1 WebP picture (PNG and JPEG are read): class 1/a\\nb\\u{1b}[31m\\u{9b}.webp"
    let ran = try run()
    #expect(plan().text.contains(line) && ran.said.contains(line) && ran.report.contains(line), "\(ran.said)")
  }

  @Test func aClassWithoutTestImagesIsNamed() throws {
    try remove("test/class 0")
    let line = "1 of 4 classes has no test image: class 0; averages are over the other 3"
    let ran = try run()
    #expect(plan().text.contains(line) && ran.said.contains("warning: " + line) && ran.report.contains(line))
    #expect(ran.result["remarks"]?["warnings"]?.elements?.map(\.text) == [line, "no class that is measured is few, which is shown as –"])
    #expect(ran.result["few"] == .null && ran.result["average"]?.double != nil)
  }

  @Test func classesThatALongTailEmptiesAreNamedBySeveralCommands() throws {
    let source = longTail(100)
    let line = "2 of 4 classes have no training image left: class 2, class 3"
    let ran = try run([source, "data.batch=4"])
    #expect(plan([source]).text.contains(line) && ran.said.contains(line) && ran.report.contains(line))
  }

  @Test func aLongTailOfOneKeepsAll() throws {
    for number in 1..<6 { try remove("train/class 3/\(number).png") }
    let source = longTail(1)
    #expect(plan([source]).text.contains("19 for training, 4 classes of 1…6"))
  }

  @Test(arguments: [".thirds", ".counts"]) func twoClassesAreMeasured(groups: String) throws {
    for split in ["train", "test"] { for label in [0, 1] { try remove("\(split)/class \(label)") } }
    let ran = try run(["evaluate.groups=\(groups)"])
    #expect(ran.result["per_class"]?.elements?.count == 2 && ran.result["average"]?.double != nil)
    #expect(ran.result["medium"] == .null)
    #expect(ran.said.contains("warning: no class that is measured is "))
    #expect(!ran.said.contains("with `groups:"))
  }

  @Test func anEmptyGroupNamesTheRuleThatHasNone() {
    let planned = plan(["evaluate.groups=.counts"])
    #expect(planned.status == .success)
    #expect(planned.text.contains("many or medium, which is shown as –; with `groups: .thirds` each group has one"))
  }

  @Test func oneClassIsRefusedBeforeTraining() throws {
    for split in ["train", "test"] { for label in [0, 1, 2] { try remove("\(split)/class \(label)") } }
    let planned = plan()
    #expect(planned.status == .badRecipe)
    #expect(planned.text.contains("E1010") && planned.text.contains("are of one alone, class 3"), "\(planned.text)")
    #expect(plan(["evaluate=none"]).status == .success)
  }

  @Test func imagesThatMakeNoBatchAreCounted() throws {
    #expect(!plan().text.contains("in no batch"))
    #expect(plan(["data.batch=7", "data.last=.drop"]).text.contains("in no batch of an epoch: 3 of the 24 images"))
    #expect(plan(["data.batch=23"]).text.contains("in no batch of an epoch: 1 of the 24 images"))
  }

  @Test func aSweepSaysWhatFurtherCellsHave() throws {
    let text = try String(contentsOf: folder.file("r.recipe"), encoding: .utf8)
      + "\nlet all = folder(\"train\", labels: .subfolders, test: \"test\")\n"
      + "sweep s from r { axis data.source in [all, all.long_tail(imbalance: 100)] }\n"
    try Data(text.utf8).write(to: folder.file("r.recipe"))
    #expect(plan().text.contains("in 1 of 2 cells: warning: 2 of 4 classes have no training image left"))
  }

  @Test func testImagesWithoutLabelsAreNotPassedOver() {
    let source = "data.source=folder(\"\(folder.file("train").path)\", test: \"\(folder.file("test").path)\")"
    #expect(plan([source, "evaluate=none"]).text.contains("warning: the 8 test images have no labels and are not used"))
    let labels = "data.source=idx(\"a\", test_labels: \"b\")"
    #expect(plan([labels, "evaluate=none"]).text.contains("there are `test_labels` and no `test_images`"))
  }

  @Test func embeddingSaysItToo() throws {
    let lines = Lines()
    let out = folder.file("run")
    try #require(RunCommand(recipe: request(["evaluate=none"]), out: out.path).run(lines.console) == .success, "\(lines.all)")
    func embed(_ images: String, _ split: EmbedCommand.Split? = nil, to: String = "v.npy") -> (Experiment.ExitStatus, String) {
      let lines = Lines()
      let command = EmbedCommand(
        checkpoint: out.appending(path: "r").path, images: folder.file(images).path, output: folder.file(to).path, split: split)
      return (command.run(lines.console), lines.all)
    }
    try text("train/photo.webp", "RIFF....WEBPVP8 ")
    let (status, said) = embed("train")
    #expect(status == .success && said.contains("left out of the given images: 1 WebP picture"), "\(said)")
    for split in EmbedCommand.Split.allCases {
      let (status, said) = embed("train", split)
      #expect(status == .failedRun && said.contains("is a folder of pictures, which has no "), "\(said)")
    }
    // A name alone makes no MNIST.
    try copy("rgb.png", "named/train-images-001.png")
    #expect(embed("named").0 == .success)
    try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)
    #expect(embed("empty").1.contains("has no PNG or JPEG pictures: no files"))
    #expect(embed("named/train-images-001.png").1.contains("is a single picture"))
    // Taken for CIFAR, whose records are what is embedded.
    for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
      try Data(count: 3073).write(to: folder.file("named/\(name)"))
    }
    let (found, beside) = embed("named")
    #expect(
      found == .success
        && beside.contains("given images: 1 file of images beside the data set, which is not used: train-images-001.png"),
      "\(beside)")
  }
}
