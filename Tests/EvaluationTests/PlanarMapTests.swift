import Foundation
import Kernels
import Testing

import Evaluation

@Suite struct PlanarMapTests {
  @Test func principalComponentsOfAKnownCloud() throws {
    // Variances 9, 4 and 1 along three orthogonal directions of ten dimensions, plus a mean.
    let a = unit { $0 == 1 || $0 == 4 ? 1 : 0 }
    let b = unit { $0 == 2 ? 1 : $0 == 7 ? -1 : 0 }
    let c = unit { $0 == 9 ? 1 : 0 }
    var rows: [[Float]] = []
    for (x, y, z) in [(3.0, 2.0, 1.0), (-3, 2, -1), (3, -2, -1), (-3, -2, 1)] {
      rows.append((0..<10).map { Float(5 + x * a[$0] + y * b[$0] + z * c[$0]) })
    }
    let found = try PrincipalComponents(of: SyntheticFeatures.matrix(rows), count: 3)
    #expect(zip(found.variances, [9, 4, 1]).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(found.directions[0], a).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(found.directions[1], b).allSatisfy { abs(abs($0) - abs($1)) < 1e-4 })
    let coordinates = found.coordinates(of: SyntheticFeatures.matrix(rows))
    #expect(zip(coordinates[0], [3, -3, 3, -3]).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  private func unit(_ value: (Int) -> Double) -> [Double] {
    let values = (0..<10).map(value)
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }

  @Test func smallEigenproblem() {
    let (values, vectors) = PrincipalComponents.symmetricEigen([[2, 1, 0], [1, 2, 0], [0, 0, -1]])
    #expect(zip(values.sorted(), [-1, 1, 3]).allSatisfy { abs($0 - $1) < 1e-12 })
    let three = vectors[values.indices.max { values[$0] < values[$1] }!]
    #expect(abs(abs(three[0]) - 0.5.squareRoot()) < 1e-12 && abs(three[2]) < 1e-12)
  }

  @Test func sharesHaveThePerplexityAskedFor() {
    let distances = (0..<40).map { Double($0 * $0) * 0.01 + 2 }
    for perplexity in [2.0, 7.5, 25] {
      let shares = TSNE.shares(distances[...], perplexity: perplexity)
      let entropy = -shares.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
      #expect(abs(exp(entropy) - perplexity) < 1e-3 * perplexity)
      #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
    }
    // All rows equal: nothing to tell them apart.
    #expect(TSNE.shares([3, 3, 3, 3], perplexity: 2).allSatisfy { abs($0 - 0.25) < 1e-12 })
  }

  @Test func affinitiesAreSymmetricAndSumToOne() throws {
    let features = SyntheticFeatures.clouds(classes: 4, perClass: 10, dimension: 6)
    let p = try TSNE(features.values, perplexity: 5).affinities.values
    #expect(abs(p.reduce(0) { $0 + Double($1) } - 1) < 1e-5)
    for i in 0..<40 { for j in 0..<i { #expect(p[i * 40 + j] == p[j * 40 + i]) } }
  }

  @Test func cloudsStayTogether() throws {
    let features = SyntheticFeatures.clouds(classes: 4, perClass: 15, dimension: 6)
    let points = try PlanarMap(features, method: .tSNE(.init(perplexity: 10, iterations: 300))).points
    var strangers = 0
    for i in points.indices {
      let others = points.indices.filter { $0 != i }
      let nearest = others.min { distance(points[i], points[$0]) < distance(points[i], points[$1]) }!
      if features.labels[nearest] != features.labels[i] { strangers += 1 }
    }
    #expect(strangers <= 2)
    #expect(try PlanarMap(features, method: .tSNE(.init(perplexity: 10, iterations: 300))).points == points)
  }

  private func distance(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { ((a - b) * (a - b)).sum() }

  @Test(arguments: [1, 2, 3, 5]) func fewRows(_ count: Int) throws {
    let rows = SyntheticFeatures.clouds(classes: 1, perClass: count, dimension: 4)
    for method in [PlanarMap.Method.principalComponents, .neighbourhoods] {
      let points = try PlanarMap(rows, method: method).points
      #expect(points.count == count && points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }
  }

  @Test func collapsedFeaturesAreOnePlaceOrAtLeastFinite() throws {
    let same = try Features(SyntheticFeatures.matrix([[Float]](repeating: [1, 2, 2], count: 12)))
    #expect(try PlanarMap(same, method: .principalComponents).points.allSatisfy { $0 == .zero })
    #expect(try PlanarMap(same).points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    let one = try Features(SyntheticFeatures.matrix([[1], [2], [4], [9], [3]]))
    #expect(try PlanarMap(one, unitRows: false).points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }

  @Test func refusesBadInput() throws {
    #expect { try PlanarMap(Features(Tensor(zeros: [0, 3]))) } throws: { "\($0)" == "map: there are no features" }
    #expect { try PlanarMap(Features(Tensor(zeros: [2001, 1]))) } throws: { "\($0)".contains("at most 2000") }
    #expect { try PlanarMap(Features(Tensor(repeating: .nan, shape: [4, 2]))) } throws: {
      "\($0)".contains("not finite")
    }
  }
}
