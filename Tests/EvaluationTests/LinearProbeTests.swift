import Evaluation
import Foundation
import Kernels
import Testing

@Suite struct LinearProbeTests {
  let training = SyntheticFeatures.clouds(classes: 5, perClass: 20, dimension: 8)
  let test = SyntheticFeatures.clouds(classes: 5, perClass: 7, dimension: 8, seed: 1)

  @Test func separatesSeparateClouds() throws {
    let result = try LinearProbe.train(
      on: training, classes: 5, options: .init(epochs: 60, batch: 32, rate: 0.05, finalRate: 1e-3))
    #expect(result.losses.count == 60 && result.losses[59] < 0.1 && result.losses[59] < result.losses[0])
    let classification = try result.classifier.classify(test)
    #expect(classification.top1 == 1 && classification.perClass == [1, 1, 1, 1, 1])
    #expect(classification.counts == [7, 7, 7, 7, 7])
  }

  @Test func oneStepIsAdamOnTheGradientOfCrossEntropy() throws {
    // One batch, one epoch: every weight whose gradient is not zero moves by the rate, against the gradient.
    let options = LinearProbe.Options(epochs: 1, batch: 1000, rate: 1e-2, finalRate: 1e-2, weightDecay: 0, seed: 3)
    let tiny = LinearProbe.Options(epochs: 1, batch: 1000, rate: 1e-12, finalRate: 1e-12, weightDecay: 0, seed: 3)
    let start = try LinearProbe.train(on: training, classes: 5, options: tiny).classifier
    let after = try LinearProbe.train(on: training, classes: 5, options: options).classifier
    func loss(_ classifier: LinearClassifier) throws -> Double {
      let scores = try classifier.scores(training).values.map(Double.init)
      return training.labels.enumerated().reduce(0) { sum, sample in
        let row = scores[sample.offset * 5..<sample.offset * 5 + 5]
        return sum + log(row.reduce(0) { $0 + exp($1) }) - row[row.startIndex + sample.element]
      } / Double(training.count)
    }
    for position in stride(from: 0, to: 40, by: 7) {
      var up = start, down = start
      up.weight[flat: position] += 1e-3
      down.weight[flat: position] -= 1e-3
      let slope = try loss(up) - loss(down)
      let moved = Double(after.weight[flat: position]) - Double(start.weight[flat: position])
      #expect(abs(abs(moved) - 1e-2) < 1e-4 && (moved < 0) == (slope > 0))
    }
  }

  @Test func sameSeedSameBitsForAnyNumberOfThreads() throws {
    let before = Threads.count
    defer { Threads.count = before }
    var options = LinearProbe.Options(epochs: 3, batch: 17)
    Threads.count = 1
    let one = try LinearProbe.train(on: training, classes: 5, options: options)
    Threads.count = 2
    let two = try LinearProbe.train(on: training, classes: 5, options: options)
    #expect(one.classifier == two.classifier && one.losses == two.losses)
    options.seed = 1
    #expect(try LinearProbe.train(on: training, classes: 5, options: options).classifier != one.classifier)
  }

  @Test func rateFallsByTheSameFactorEachEpoch() {
    let options = LinearProbe.Options()
    #expect(options.rate(epoch: 0) == 1e-2)
    #expect(abs(options.rate(epoch: 500) - 1e-6) < 1e-18)
    let factors = (0..<499).map { options.rate(epoch: $0 + 1) / options.rate(epoch: $0) }
    #expect(factors.allSatisfy { abs($0 - pow(1e-4, 1.0 / 500)) < 1e-12 })
  }

  @Test func progressMayStop() throws {
    struct Stop: Error {}
    var seen: [Int] = []
    #expect(throws: Stop.self) {
      try LinearProbe.train(on: training, classes: 5, options: .init(epochs: 9)) { epoch, loss in
        seen.append(epoch)
        #expect(loss.isFinite)
        if epoch == 2 { throw Stop() }
      }
    }
    #expect(seen == [1, 2])
  }

  @Test func aClassWithoutSamplesIsAllowed() throws {
    let result = try LinearProbe.train(on: training, classes: 7, options: .init(epochs: 2))
    let classification = try result.classifier.classify(test)
    #expect(classification.classes == 7 && classification.perClass[6].isNaN)
  }

  @Test func refusesBadInput() throws {
    func fails(_ text: String, _ body: () throws -> Void) {
      #expect { try body() } throws: { "\($0)".contains(text) }
    }
    fails("label 4 of training sample 4 is outside the 4 classes") {
      _ = try LinearProbe.train(on: training, classes: 4)
    }
    fails("have no labels") {
      _ = try LinearProbe.train(on: Features(training.values), classes: 5)
    }
    fails("no training samples") {
      _ = try LinearProbe.train(on: Features(Tensor(zeros: [0, 8])), classes: 5)
    }
    fails("batch is 0") { _ = try LinearProbe.train(on: training, classes: 5, options: .init(batch: 0)) }
    fails("finalRate is 1.0") { _ = try LinearProbe.train(on: training, classes: 5, options: .init(finalRate: 1)) }
    var broken = training.values
    broken[flat: 8 * 3 + 2] = .infinity
    fails("feature 2 of training sample 3 is not finite") {
      _ = try LinearProbe.train(on: Features(broken, labels: training.labels), classes: 5)
    }
    fails("3 labels for 100 rows") { _ = try Features(training.values, labels: [1, 2, 3]) }
    fails("features of dimension 3, weights for 8") {
      let classifier = try LinearProbe.train(on: training, classes: 5, options: .init(epochs: 1)).classifier
      _ = try classifier.classify(Features(Tensor(zeros: [1, 3]), labels: [0]))
    }
  }
}
