import Foundation
import Kernels
import TensorFiles

/// One golden case (see `Fixtures/golden/README.md`): inputs, expected outputs, parameters, tolerance.
package struct GoldenCase {
  package let name: String
  package let contents: SafeTensors.Contents
  package let op: String
  /// The parameters: numbers are `Int` or `Double`, see ``number(_:)``.
  package let params: [String: Any]

  /// Reads `Fixtures/golden/NAME.safetensors`.
  package init(_ name: String) throws {
    let url = Fixtures.url("golden/\(name).safetensors")
    self.name = name
    contents = try SafeTensors.read(url)
    guard contents.metadata["schema"] == "golden/1", let op = contents.metadata["op"] else {
      throw TensorFileError(url, "not a golden case of schema golden/1")
    }
    self.op = op
    let json = try JSONSerialization.jsonObject(with: Data((contents.metadata["params"] ?? "{}").utf8))
    params = json as? [String: Any] ?? [:]
  }

  /// The names of all cases of an operation, sorted.
  package static func names(prefix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: Fixtures.url("golden").path)
      .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".safetensors") }
      .map { String($0.dropLast(".safetensors".count)) }.sorted()
  }

  package func number(_ key: String) -> Double? { (params[key] as? NSNumber)?.doubleValue }
  package func integer(_ key: String) -> Int? { (params[key] as? NSNumber)?.intValue }
  package func float(_ key: String) -> Float? { number(key).map { Float($0) } }

  package func has(_ tensor: String) -> Bool { contents.tensors[tensor] != nil }

  /// The tensor of a full name such as `in.input`. A missing one traps: the fixture is part of the test.
  package func file(_ tensor: String) -> FileTensor {
    guard let found = contents.tensors[tensor] else {
      fatalError("golden case \(name) has no \(tensor), only \(contents.tensors.keys.sorted())")
    }
    return found
  }
  package func tensor(_ name: String) -> Tensor { file(name).tensor }
  package func doubles(_ name: String) -> [Double] { file(name).doubles }
  package func integers(_ name: String) -> [Int] { file(name).integers! }
  package func bytes(_ name: String) -> [UInt8] { file(name).integers!.map { UInt8($0) } }

  /// The largest relative error allowed for an output, named without `out.`.
  package func tolerance(_ output: String) -> Double {
    Double(contents.metadata["rtol.\(output)"] ?? contents.metadata["rtol"] ?? "0") ?? 0
  }

  /// ‖got − expected‖₂ / ‖expected‖₂, or ‖got‖₂ where the expected norm is 0. Infinite if the number
  /// of elements differs or anything is not finite.
  package func relativeError(_ output: String, _ got: [Double]) -> Double {
    TestSupport.relativeError(got, doubles("out.\(output)"))
  }
  package func relativeError(_ output: String, _ got: Tensor) -> Double {
    relativeError(output, got.values.map(Double.init))
  }

  /// The error divided by what the case allows: the test is `excess(...) <= 1`.
  package func excess(_ output: String, _ got: Tensor) -> Double {
    relativeError(output, got) / tolerance(output)
  }
  package func excess(_ output: String, _ got: [Double]) -> Double {
    relativeError(output, got) / tolerance(output)
  }
}

/// ‖got − expected‖₂ / ‖expected‖₂ (‖got‖₂ for a zero expectation; infinite for different counts or NaN).
package func relativeError(_ got: [Double], _ expected: [Double]) -> Double {
  guard got.count == expected.count else { return .infinity }
  var difference = 0.0
  var norm = 0.0
  for (g, e) in zip(got, expected) {
    difference += (g - e) * (g - e)
    norm += e * e
  }
  guard difference.isFinite else { return .infinity }
  return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}
