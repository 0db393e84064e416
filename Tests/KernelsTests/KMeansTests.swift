import Kernels
import TestSupport
import Testing

@Suite struct KMeansTests {
  /// `perCluster` points about each of `clusters` centres on the axes of D dimensions.
  private func blobs(clusters: Int, perCluster: Int, dimension: Int, spread: Double, seed: UInt64 = 1) -> Tensor {
    var random = CounterRandom(seed: seed, .synthetic)
    var values = random.normal(deviation: spread, shape: [clusters * perCluster, dimension]).values
    for row in 0..<clusters * perCluster { values[row * dimension + row % clusters] += 10 }
    return Tensor(values, shape: [clusters * perCluster, dimension])
  }

  @Test func separateCloudsAreFound() throws {
    let rows = blobs(clusters: 5, perCluster: 40, dimension: 7, spread: 0.5)
    for seed in 0..<5 as Range<UInt64> {
      let result = try KMeans(rows, .init(clusters: 5, starts: 4, seed: seed))
      #expect(result.counts == [40, 40, 40, 40, 40])
      #expect(result.converged)
      // Rows of one cloud share a cluster.
      for row in 0..<200 { #expect(result.clusters[row] == result.clusters[row % 5]) }
    }
  }

  /// The laws of a fixed point: centres are means, every row is at its nearest centre, the inertia is what it says.
  @Test(arguments: [(300, 3, 8), (65, 2, 4), (64, 130, 10), (130, 1, 3)])
  func theResultIsAFixedPoint(_ m: Int, _ d: Int, _ k: Int) throws {
    let rows = Tensor.sample([m, d], seed: 5)
    let result = try KMeans(rows, .init(clusters: k, iterations: 500, seed: 2))
    try #require(result.converged)
    let (x, c) = (rows.values.map(Double.init), result.centres.values.map(Double.init))
    func squared(_ row: Int, _ centre: Int) -> Double {
      (0..<d).reduce(0) { $0 + (x[row * d + $1] - c[centre * d + $1]) * (x[row * d + $1] - c[centre * d + $1]) }
    }
    var inertia = 0.0
    for row in 0..<m {
      let own = squared(row, result.clusters[row])
      inertia += own
      for centre in 0..<k { #expect(own <= squared(row, centre) + 1e-4) }
    }
    #expect(abs(inertia - result.inertia) < 1e-6 * max(1, inertia))
    for centre in 0..<k {
      let members = (0..<m).filter { result.clusters[$0] == centre }
      #expect(!members.isEmpty)
      for column in 0..<d {
        let mean = members.reduce(0) { $0 + x[$1 * d + column] } / Double(members.count)
        #expect(abs(mean - c[centre * d + column]) < 1e-6)
      }
    }
  }

  @Test func noClusterIsEmpty() throws {
    // Three different points for five clusters: two must be copies of others.
    let values = (0..<12).flatMap { [Float($0 % 3), Float($0 % 3) * 2] }
    let result = try KMeans(Tensor(values, shape: [12, 2]), .init(clusters: 5, seed: 4))
    #expect(result.counts.allSatisfy { $0 > 0 } && result.counts.reduce(0, +) == 12)
    #expect(result.refilled > 0)
    #expect(result.inertia == 0)
    let same = try KMeans(Tensor(repeating: 3, shape: [6, 2]), .init(clusters: 6))
    #expect(same.counts == [1, 1, 1, 1, 1, 1])
    let one = try KMeans(Tensor.sample([9, 4], seed: 1), .init(clusters: 1))
    #expect(one.counts == [9])
  }

  @Test func moreStartsAreNeverWorse() throws {
    let rows = Tensor.sample([200, 2], seed: 9)
    var last = Double.infinity
    for starts in [1, 2, 5, 20] {
      let inertia = try KMeans(rows, .init(clusters: 12, starts: starts, seed: 3)).inertia
      #expect(inertia <= last)
      last = inertia
    }
  }

  @Test func theSameBitsForAnyNumberOfThreads() throws {
    let rows = Tensor.sample([1000, 17], seed: 6)
    let threads = Threads.count
    defer { Threads.count = threads }
    var results: [KMeans] = []
    for count in [1, 2, 3] {
      Threads.count = count
      results.append(try KMeans(rows, .init(clusters: 20, starts: 2, seed: 8)))
    }
    for result in results {
      #expect(result.centres == results[0].centres && result.clusters == results[0].clusters)
      #expect(result.inertia == results[0].inertia)
    }
    let other = try KMeans(rows, .init(clusters: 20, starts: 2, seed: 9))
    #expect(other.centres != results[0].centres)
  }

  @Test func whatMakesNoClustersIsRefused() throws {
    let rows = Tensor.sample([4, 2], seed: 1)
    let error = #expect(throws: KernelError.self) { try KMeans(rows, .init(clusters: 5)) }
    #expect(error?.description == "k-means: 5 clusters of 4 rows, expected at most as many")
    #expect(throws: KernelError.self) { try KMeans(rows, .init(clusters: 0)) }
    #expect(throws: KernelError.self) { try KMeans(rows, .init(clusters: 2, iterations: 0)) }
    #expect(throws: KernelError.self) { try KMeans(rows, .init(clusters: 2, starts: 0)) }
    #expect(throws: KernelError.self) { try KMeans(Tensor(zeros: [8]), .init(clusters: 2)) }
    var bad = rows
    bad[flat: 3] = .nan
    #expect(#expect(throws: KernelError.self) { try KMeans(bad, .init(clusters: 2)) }?.reason == .notFinite)
    bad[flat: 3] = .infinity
    #expect(#expect(throws: KernelError.self) { try KMeans(bad, .init(clusters: 2)) }?.reason == .notFinite)
  }
}
