import Kernels

extension Bench {
  /// Sinkhorn on unit rows, λ 0.05, 300 iterations under a long-tailed prior.
  static var transport: [Workload] {
    [(512, 100), (4096, 1000)].map { n, k in
      Workload("sinkhorn/n\(n)_k\(k)_i300") {
        let scores = normalizeRows(normal([n, k])).rows
        let prior = longTailedPrior(k)
        let sinkhorn = try Sinkhorn(.init(lambda: 0.05, iterations: 300))
        return { _ = try sinkhorn(scores, prior: prior) }
      }
    }
  }

  /// NT-Xent with both gradients.
  static var contrastive: [Workload] {
    [
      Workload("nt_xent/n512_d128") {
        let (a, b) = (normal([512, 128]), normal([512, 128], part: 1))
        let loss = try NTXent(temperature: 0.2)
        return { _ = try loss(a, b) }
      }
    ]
  }

  /// The exact structure, from nothing.
  static var structures: [Workload] {
    [(100, 128), (1000, 1024)].map { k, d in
      Workload("simplex/k\(k)_d\(d)") {
        { _ = try GeometricStructure(classes: k, dimension: d, seed: 0) }
      }
    }
  }
}
