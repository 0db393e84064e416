import Evaluation
import Testing
import TestSupport

@Suite struct GroupAccuracyTests {
  @Test(arguments: try! GoldenCase.names(prefix: "group_accuracy")) func goldenCase(_ name: String) throws {
    let golden = try GoldenCase(name)
    let rule: GroupAccuracy.Rule = golden.params["groups"] as? String == "absolute"
      || golden.params.values.contains { $0 as? String == "absolute" } ? .absolute : .thirds
    let counts = golden.contents.tensors["in.class_counts"]!.doubles.map { Int($0) }
    let result = try GroupAccuracy(
      classCounts: counts, classAccuracy: golden.doubles("in.class_accuracy"), rule: rule)
    #expect(golden.excess("groups", [result.many, result.medium, result.few]) <= 1)
    #expect(golden.excess("average", [result.average]) <= 1)
    #expect(golden.excess("std", [result.std]) <= 1)
  }

  @Test func thirdsKeepTheRemainderInMany() throws {
    let groups = try GroupAccuracy.groups(classCounts: (0..<100).map { 500 - $0 }, rule: .thirds)
    #expect(groups.prefix(34).allSatisfy { $0 == .many })
    #expect(groups.filter { $0 == .medium }.count == 33 && groups.filter { $0 == .few }.count == 33)
  }

  @Test func publishedStandardDeviation() throws {
    // SimCLR on CIFAR-100-LT, imbalance 100: 54.97 49.39 47.67 and 3.82.
    let result = try GroupAccuracy(classCounts: [3, 2, 1], classAccuracy: [54.97, 49.39, 47.67])
    #expect(abs(result.std - 3.82) < 0.005)
    #expect(result.many == 54.97 && result.medium == 49.39 && result.few == 47.67)
  }

  @Test func thresholdsOfTheAbsoluteRule() throws {
    let groups = try GroupAccuracy.groups(classCounts: [101, 100, 20, 19, 0], rule: .absolute)
    #expect(groups == [.many, .medium, .medium, .few, .few])
  }

  @Test func classesWithoutTestSamplesCountNowhere() throws {
    let result = try GroupAccuracy(classCounts: [9, 8, 3, 2, 1, 1], classAccuracy: [1, .nan, 0.5, 0.7, 0, 0.2])
    #expect(result.many == 1 && abs(result.average - 0.48) < 1e-12)
  }

  @Test func emptyGroupsAndFewClasses() throws {
    let two = try GroupAccuracy(classCounts: [5, 1], classAccuracy: [0.25, 0.75])
    #expect(two.many == 0.5 && two.medium.isNaN && two.few.isNaN && two.std.isNaN && two.average == 0.5)
    #expect(try GroupAccuracy(classCounts: [], classAccuracy: []).average.isNaN)
  }

  @Test func refusesBadInput() {
    #expect { try GroupAccuracy(classCounts: [1, 2], classAccuracy: [1]) } throws: {
      "\($0)" == "group accuracy: 2 class counts for 1 accuracies"
    }
    #expect { try GroupAccuracy(classCounts: [1, -2], classAccuracy: [1, 1]) } throws: {
      "\($0)".contains("class 1 has -2 training images")
    }
    #expect(throws: EvaluationError.self) {
      try GroupAccuracy.groups(classCounts: [1], rule: .counts(many: 10, few: 20))
    }
  }
}
