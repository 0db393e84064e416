import Experiment
import Testing

@Suite struct BenchTests {
  /// What `peer.py list` prints: the names are the contract between both.
  static let peerNames = """
    conv2d/n64_c64_h32_k64_r3_s1/forward
    conv2d/n64_c64_h32_k64_r3_s1/backward_data
    conv2d/n64_c64_h32_k64_r3_s1/backward_weight
    conv2d/n64_c64_h32_k128_r3_s2/forward
    conv2d/n64_c64_h32_k128_r3_s2/backward_data
    conv2d/n64_c64_h32_k128_r3_s2/backward_weight
    conv2d/n64_c128_h16_k128_r3_s1/forward
    conv2d/n64_c128_h16_k128_r3_s1/backward_data
    conv2d/n64_c128_h16_k128_r3_s1/backward_weight
    conv2d/n64_c256_h8_k256_r3_s1/forward
    conv2d/n64_c256_h8_k256_r3_s1/backward_data
    conv2d/n64_c256_h8_k256_r3_s1/backward_weight
    conv2d/n64_c256_h8_k512_r3_s2/forward
    conv2d/n64_c256_h8_k512_r3_s2/backward_data
    conv2d/n64_c256_h8_k512_r3_s2/backward_weight
    conv2d/n64_c512_h4_k512_r3_s1/forward
    conv2d/n64_c512_h4_k512_r3_s1/backward_data
    conv2d/n64_c512_h4_k512_r3_s1/backward_weight
    conv2d/n64_c128_h16_k256_r1_s2/forward
    conv2d/n64_c128_h16_k256_r1_s2/backward_data
    conv2d/n64_c128_h16_k256_r1_s2/backward_weight
    conv2d/n64_c3_h32_k64_r3_s1/forward
    conv2d/n64_c3_h32_k64_r3_s1/backward_weight
    conv2d/n128_c16_h32_k16_r3_s1/forward
    conv2d/n128_c16_h32_k16_r3_s1/backward_data
    conv2d/n128_c16_h32_k16_r3_s1/backward_weight
    step/resnet18_b64_32
    step/resnet20_b256_32
    step/resnet10w32_b128_32
    step/resnet50_b8_224
    sinkhorn/n512_k100_i300
    sinkhorn/n4096_k1000_i300
    nt_xent/n512_d128
    simplex/k100_d128
    simplex/k1000_d1024
    augment/cifar_256views_1thread
    linear_probe/n10000_d512_c100_e2
    """.split(separator: "\n").map(String.init)

  @Test func namesAreThoseOfThePeer() {
    #expect(Bench.workloads().map(\.name) == Self.peerNames)
  }

  @Test func theFilterIsAPartOfTheName() {
    #expect(Bench.workloads(filter: "r1_s2").map(\.name).allSatisfy { $0.contains("k256_r1_s2") })
    #expect(Bench.workloads(filter: "r1_s2").count == 3 && Bench.workloads(filter: "no such").isEmpty)
  }

  @Test func measuresAtLeastTwiceAndAtMostFiftyTimes() throws {
    nonisolated(unsafe) var runs = 0
    let quick = Bench.Workload("quick") { { runs += 1 } }
    let measured = try Bench.measure(quick, seconds: 10)
    #expect(measured.repetitions == 50 && runs == 51)
    runs = 0
    let once = try Bench.measure(quick, seconds: 0)
    #expect(once.repetitions == 2 && runs == 3)
    #expect(once.minimum <= once.median && once.minimum >= 0)
  }

  @Test func oneLineOfJSON() throws {
    let measured = try Bench.measure(Bench.Workload("a/b") { {} }, seconds: 0)
    let line = measured.json.line
    #expect(line.hasPrefix(#"{"name": "a/b", "seconds": "#) && line.contains(#""repetitions": 2, "peak_bytes": "#))
    #expect(!line.contains("\n"))
    // A process that runs tests has some memory, and no terabyte.
    #expect(measured.peakBytes > 1 << 20 && measured.peakBytes < 1 << 40)
  }

  /// The small ones, once: they must run at all.
  @Test(arguments: ["conv2d/n128_c16_h32_k16_r3_s1", "nt_xent", "sinkhorn/n512", "simplex/k100", "augment"])
  func workloadsRun(_ filter: String) throws {
    for workload in Bench.workloads(filter: filter) { try workload.prepare()() }
  }
}
