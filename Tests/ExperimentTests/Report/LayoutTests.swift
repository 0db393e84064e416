import Experiment
import Testing

/// What keeps texts apart and names short.
@Suite struct LayoutTests {
  @Test func labelsAreSpreadApartAndStayInOrder() throws {
    let wanted = [50.0, 52, 51, 10, 98, 99, 99.5]
    let places = try #require(TextRoom.spread(wanted, gap: 10, in: 0...100))
    #expect(places.allSatisfy { (0...100).contains($0) })
    let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
    for (lower, upper) in zip(order, order.dropFirst()) { #expect(places[upper] - places[lower] >= 10 - 1e-9, "\(places)") }
    // Alone, a label stays where it is wanted.
    #expect(places[3] == 10)
  }

  @Test func equalWishesAreSharedAroundTheMiddle() {
    #expect(TextRoom.spread([50, 50, 50], gap: 10, in: 0...100) == [40, 50, 60])
    #expect(TextRoom.spread([], gap: 10, in: 0...100) == [])
    #expect(TextRoom.spread([0, 0], gap: 10, in: 0...100) == [0, 10])
  }

  @Test func labelsWithoutRoomAreNone() {
    #expect(TextRoom.spread([1, 2, 3], gap: 60, in: 0...100) == nil)
    #expect(TextRoom.spread([1, 2, 3], gap: 50, in: 0...100) == [0, 50, 100])
  }

  @Test func textsAreFittedIntoTheirRoom() {
    let name = "a class whose name is of forty characters"
    let fitted = TextRoom.fitted(name, into: 80)
    #expect(TextRoom.width(fitted) <= 80 && fitted.hasPrefix("a cl") && fitted.hasSuffix("s") && fitted.contains("…"))
    #expect(TextRoom.fitted("Bag", into: 80) == "Bag" && TextRoom.fitted(name, into: 5) == "")
    #expect(TextRoom.width("日本語") > TextRoom.width("abc"))
  }

  @Test(arguments: [
    (["0.05", "0.1"], ["0.05", "0.1"]), ([".plain", ".published"], ["plain", "published"]), (["1.0", "64.0"], ["1", "64"]),
    (["0.5", "1.0"], ["0.5", "1.0"]), (["\"a\"", "\"b\""], ["a", "b"]), (["true", "false"], ["true", "false"]),
    (["sgd(lr: 0.05, momentum: 0.9)", "sgd(lr: 0.1, momentum: 0.9)"], ["lr 0.05", "lr 0.1"]),
    (["sgd(lr: 0.05)", "adam(lr: 0.05)"], ["sgd", "adam"]), (["sgd(lr: 0.05)", "adam(lr: 1e-3)"], ["sgd(lr: 0.05)", "adam(lr: 1e-3)"]),
    (["simclr(temperature: 0.2)", "focal(temperature: 0.2, gamma: 2.0)"], ["simclr", "focal(gamma: 2.0)"]),
    (["e(b: resnet(w: 4), p: mlp(o: 8))", "e(b: resnet(w: 8), p: mlp(o: 8))"], ["b w 4", "b w 8"]),
    (["a(x: 1, y: 2)", "a(x: 3, y: 4)"], ["x: 1, y: 2", "x: 3, y: 4"]), (["hold(1.0)", "hold(2.0)"], ["1.0", "2.0"]),
    (["none", "gh(starts: 2ep)"], ["none", "gh"]), (["only(1)"], ["only(1)"]),
    (["f(\"a, b\", 1)", "f(\"a, b\", 2)"], ["1", "2"]),
  ]) func valuesAreCalledByWhatDiffers(_ example: ([String], [String])) {
    #expect(ValueNames.short(example.0) == example.1)
  }

  @Test func namesThatCannotBeShortStayDifferent() {
    let values = (0..<3).map { "a very long name of a value that ends in the middle \($0) and goes on and on as if nothing were" }
    let names = ValueNames.short(values)
    #expect(Set(names).count == 3 && names.allSatisfy { $0.count <= 40 })
  }

  @Test func pathsAreCalledByTheirLastParts() {
    #expect(ValueNames.shortPaths(["data.source.imbalance", "form", "seed"]) == ["imbalance", "form", "seed"])
    #expect(ValueNames.shortPaths(["method.lr", "optimizer.lr"]) == ["method.lr", "optimizer.lr"])
  }

  @Test func bandsAreMeansAndDeviationsOverRuns() {
    let band = Band([[.init(1, 2), .init(2, 4)], [.init(1, 4), .init(2, .nan)], [.init(1, 6)]], limit: 100)
    #expect(band.points[0].mean == 4 && band.points[0].deviation == 2)
    // Two of three curves have a second epoch; of these one has a number there.
    #expect(band.points.count == 2 && band.points[1].mean == 4 && band.points[1].deviation == nil)
    let gap = Band([[.init(1, .nan)], [.init(1, .nan)]], limit: 100)
    #expect(gap.points.count == 1 && !gap.points[0].mean.isFinite)
    #expect(Band([[.init(0, 1), .init(1, 1)], [.init(0, 1)], [.init(0, 1)]], limit: 9).points.count == 1)
    #expect(Band([], limit: 10).points.isEmpty && Band([[], []], limit: 10).points.isEmpty)
  }
}
