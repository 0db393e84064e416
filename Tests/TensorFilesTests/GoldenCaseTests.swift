import TestSupport
import Testing

@Suite struct GoldenCaseTests {
  @Test func allCasesOfTheFixturesAreReadable() throws {
    let names = try GoldenCase.names(prefix: "")
    #expect(names.count == 146)
    for name in names { #expect(try !GoldenCase(name).op.isEmpty) }
  }

  @Test func parametersTensorsAndTolerances() throws {
    let golden = try GoldenCase("sgd_00")
    #expect(golden.op == "sgd")
    #expect(golden.number("lr") == 0.5)
    #expect(golden.tensor("in.gradients").shape == [12, 37])
    #expect(golden.tolerance("trajectory") == 2e-5)
    #expect(golden.relativeError("trajectory", golden.doubles("out.trajectory")) == 0)
    #expect(golden.relativeError("trajectory", golden.doubles("out.trajectory").map { 2 * $0 }) == 1)
    #expect(golden.relativeError("trajectory", [1]) == .infinity)
  }
}
