import RecipeLanguage
import Testing

/// Where the system gives no thread, or only one with a small stack, nesting is limited to what the stack bears.
@Suite struct DeepStackTests {
  @Test func aLargeStackBearsEveryLimit() throws {
    let highest = try Limits().setting(["nesting=1000"])
    #expect(DeepStack.run(highest) { limits, _ in limits } == highest)
  }

  @Test(arguments: [64 << 20, 8 << 20]) func aSmallOneBearsLess(size: Int) throws {
    let highest = try Limits().setting(["nesting=1000"])
    let limits = DeepStack.run(highest, sizes: [size]) { limits, _ in limits }
    #expect(limits.nesting < 1000 && limits.nesting >= size >> 18)
    #expect(DeepStack.run(Limits.untrusted, sizes: [64 << 20]) { limits, _ in limits } == Limits.untrusted)
  }

  @Test func theNextSmallerOneIsTakenWhereThereIsNone() {
    let (first, second) = (DeepStack.run(Limits(), sizes: [1 << 60, 64 << 20]) { ($0, $1) }, Limits())
    #expect(first.0 == second && !first.1.isReached)
  }

  @Test func withoutAThreadTheCallersStackServes() {
    let limits = DeepStack.run(Limits(), sizes: []) { limits, _ in limits }
    #expect(limits.nesting >= 4)
    // A thread of its own is known exactly, so it bears about as much as it was asked for.
    let inner = DeepStack.run(Limits(), sizes: [32 << 20]) { _, _ in DeepStack.run(Limits(), sizes: []) { _, end in end } }
    #expect(!inner.isReached)
  }
}
