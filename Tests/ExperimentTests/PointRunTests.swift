import Experiment
import Foundation
import Testing

/// Runs on points, from a recipe to the picture of the circle.
@Suite struct PointRunTests {
  private static let text = """
    edition 1
    recipe circle {
      length = 4ep
      data = two_views(
        source: blobs(per_class: 20, test_per_class: 15).long_tail(imbalance: 4), augment: .noise(deviation: 0.15), batch: 16)
      model = encoder(perceptron(hidden: [8], output: 2), projector: direct())
      method = simclr(temperature: 0.2) + gh(
        structure: spread(classes: 4, dimension: 2), starts: 1ep, prior: soft_prior(refresh: 1ep),
        sinkhorn: sinkhorn(iterations: 20), align: .centres)
      optimizer = adam(lr: 0.01)
      evaluate = circle_shares(bins: 12)
    }
    """

  @Test func theSharesOfTheCircleAreMeasuredAndDrawn() throws {
    let tiny = try TinyExperiment(Self.text)
    let lines = Lines()
    #expect(tiny.command().run(lines.console) == .success, "\(lines.all)")
    let arm = try JSONValue(parsing: try tiny.data("run/result.json"))["arms"]?["circle"]
    let shares = try #require(arm?["circle_shares"]?.elements).compactMap { $0.double }
    #expect(shares.count == 4 && abs(shares.reduce(0, +) - 100) < 1e-9)
    #expect(arm?["circle_inter_class"]?.double?.isFinite == true && arm?["class_counts"] != nil)
    let page = String(decoding: try tiny.data("run/report.html"), as: UTF8.self)
    #expect(page.contains("directions of 60 test samples in 12 bins"))
    #expect(page.contains("class=\"segment\""))
  }

  @Test func aStoppedRunGoesOnBitForBit() throws {
    let tiny = try TinyExperiment(Self.text)
    #expect(tiny.command(out: "whole").run(Lines().console) == .success)
    #expect(tiny.command(out: "parts", stopAfter: 7).run(Lines().console) == .interrupted)
    #expect(tiny.command(out: "parts", resume: true).run(Lines().console) == .success)
    #expect(try tiny.data("whole/result.json") == tiny.data("parts/result.json"))
    #expect(
      try tiny.data("whole/circle/checkpoints/last.safetensors") == tiny.data("parts/circle/checkpoints/last.safetensors"))
  }

  @Test(arguments: [
    ("model.backbone=resnet18()", "`resnet18` takes pictures, and these are points"),
    ("data.augment=.simclr(size: 8)", "`.simclr` makes views of pictures, and these are points"),
    ("method=bcl(simclr())", "`bcl` disturbs pictures, and these are points"),
    ("method=sdclr(simclr())", "`sdclr` prunes convolutions, and a network for points has none"),
    ("model.backbone.output=3", "embeddings have 3 numbers; they lie on a circle only when they have 2"),
  ])
  func whatDoesNotFitPointsIsRefused(setting: String, message: String) throws {
    let tiny = try TinyExperiment(Self.text)
    let lines = Lines()
    #expect(tiny.command(set: [setting]).run(lines.console) != .success)
    #expect(lines.all.contains(message), "\(lines.all)")
    #expect(!tiny.exists("run/circle"))
  }
}
