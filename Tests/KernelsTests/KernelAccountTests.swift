import Kernels
import TestSupport
import Testing

@Suite struct KernelAccountTests {
  /// Some kernels of different kinds.
  private func work() throws {
    let plan = try Convolution(input: [2, 9, 7, 5], outputChannels: 6, kernel: (3, 3), padding: 1, algorithm: .direct)
    let (x, weight) = (Tensor.sample([2, 9, 7, 5], seed: 1), Tensor.sample(plan.weightShape, seed: 2))
    let y = try plan.forward(x, weight)
    _ = try plan.backwardData(y, weight)
    _ = try plan.backwardWeight(y, x)
    _ = try matmul(Tensor.sample([4, 5], seed: 3), Tensor.sample([5, 6], seed: 4))
    _ = relu(relu(x))
    #expect(x.isFinite)
  }

  @Test func addsCallsTimeAndOperationsByKernelAndShape() throws {
    let account = KernelAccount()
    let elapsed = try ContinuousClock().measure { try account.count { for _ in 0..<3 { try work() } } }
    let entries = account.entries
    func entry(_ kernel: String) -> KernelAccount.Entry? { entries.first { $0.kernel == kernel } }
    let convolution = 2 * (2 * 9 * 7 * 6) * (3 * 3 * 5)
    for pass in ["forward", "backward data", "backward weight"] {
      let entry = entry("conv2d \(pass)")
      #expect(entry?.algorithm == "direct" && entry?.shape == "2×9×7×5→6 3×3/1" && entry?.calls == 3)
      #expect(entry?.operations == 3 * convolution)
    }
    #expect(entry("matmul")?.operations == 3 * 2 * 4 * 5 * 6 && entry("matmul")?.shape == "4×5 · 5×6")
    #expect(entry("relu")?.calls == 6 && entry("finite check")?.calls == 3)
    #expect(entries.count == 6)
    // Nothing is counted twice: all entries together took no longer than the whole.
    #expect(entries.allSatisfy { $0.seconds > 0 })
    #expect(entries.reduce(0) { $0 + $1.seconds } <= elapsed / .seconds(1))
    #expect(entries.map(\.seconds) == entries.map(\.seconds).sorted(by: >))
  }

  /// A face made of other faces has no entry of its own.
  @Test func onlyCallsIntoCHaveEntries() throws {
    let structure = try GeometricStructure(classes: 4, dimension: 6, seed: 1)
    let loss = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn(.init(iterations: 5)))
    let (z1, z2) = (Tensor.sample([8, 6], seed: 1), Tensor.sample([8, 6], seed: 2))
    let account = KernelAccount()
    _ = try account.count { try loss(z1, z2) }
    #expect(
      Set(account.entries.map { "\($0.calls) \($0.kernel)" }) == [
        "2 matmul", "2 normalize rows", "2 sinkhorn", "2 soft cross-entropy", "2 normalize rows backward",
      ])
  }

  @Test func shapesAndAlgorithmsAreKeptApart() throws {
    let account = KernelAccount()
    try account.count {
      for algorithm in Convolution.Algorithm.allCases {
        for rows in [8, 9] {
          let plan = try Convolution(
            input: [1, rows, 8, 4], outputChannels: 4, kernel: (3, 3), padding: 1, algorithm: algorithm)
          _ = try plan.forward(Tensor.sample(plan.inputShape, seed: 1), Tensor.sample(plan.weightShape, seed: 2))
        }
      }
    }
    #expect(account.entries.count == 8 && account.entries.allSatisfy { $0.calls == 1 })
    #expect(Set(account.entries.map(\.algorithm)) == ["im2col", "direct", "winograd2", "winograd4"])
  }

  @Test func nothingIsCountedOutside() throws {
    let account = KernelAccount()
    try work()
    account.count {}
    try work()
    #expect(account.entries.isEmpty)
  }

  @Test func countingEndsWithAnError() throws {
    let account = KernelAccount()
    #expect(throws: KernelError.self) {
      try account.count {
        _ = relu(Tensor(zeros: [3]))
        _ = try add(Tensor(zeros: [2]), Tensor(zeros: [3]))
      }
    }
    _ = relu(Tensor(zeros: [3]))
    // What was refused was not called.
    #expect(account.entries.map(\.kernel) == ["relu"] && account.entries.map(\.calls) == [1])
  }

  @Test func theInnermostAccountCounts() {
    let (outer, inner) = (KernelAccount(), KernelAccount())
    outer.count {
      _ = relu(Tensor(zeros: [3]))
      inner.count { _ = relu(Tensor(zeros: [3])) }
      _ = relu(Tensor(zeros: [3]))
    }
    #expect(outer.entries.map(\.calls) == [2] && inner.entries.map(\.calls) == [1])
  }

  /// Several tasks add to one account, and each to one of its own.
  @Test func tasksLoseNothing() async {
    let account = KernelAccount()
    let own = await withTaskGroup(of: Int.self) { group in
      for task in 1...8 {
        group.addTask {
          let own = KernelAccount()
          for _ in 0..<200 { account.count { _ = relu(Tensor(zeros: [17])) } }
          for _ in 0..<task { own.count { _ = relu(Tensor(zeros: [17])) } }
          return own.entries[0].calls
        }
      }
      return await group.reduce(0, +)
    }
    #expect(account.entries.map(\.calls) == [1600] && account.entries.map(\.shape) == ["17"])
    #expect(own == 36)
  }

  @Test func tasksStartedAreCounted() async {
    let account = KernelAccount()
    let group = account.count { Task { _ = relu(Tensor(zeros: [5])) } }
    await group.value
    #expect(account.entries.map(\.shape) == ["5"])
  }

  @Test func resultsAreTheSameBits() throws {
    let x = Tensor.sample([3, 8, 8, 4], seed: 1)
    let plan = try Convolution(input: x.shape, outputChannels: 8, kernel: (3, 3), padding: 1)
    let weight = Tensor.sample(plan.weightShape, seed: 2)
    let counted = try KernelAccount().count { try plan.forward(x, weight) }
    #expect(counted.bits == (try plan.forward(x, weight)).bits)
  }
}
