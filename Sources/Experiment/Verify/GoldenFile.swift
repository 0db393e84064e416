import Foundation
import Kernels
import TensorFiles
import VisibleText

/// What is wrong with a golden case, or with what an operation made of it.
public struct GoldenError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description.visibleLine }
}

/// A golden case as read from its file: the operation, its parameters, inputs and expected outputs.
/// The format is that of `Fixtures/golden/README.md`.
public struct GoldenFile: Sendable {
  public static let schema = "golden/1"

  public let url: URL
  public let operation: String
  public let params: JSONValue
  private let tensors: [String: FileTensor]
  private let metadata: [String: String]

  /// Throws `TensorFileError` for a file that is not safetensors, ``GoldenError`` for one that is not a case.
  public init(_ url: URL) throws {
    let contents = try SafeTensors.read(url)
    guard contents.metadata["schema"] == Self.schema else {
      let found = contents.metadata["schema"].map { "\"\($0)\"" } ?? "missing"
      throw GoldenError("not a golden case: metadata `schema` is \(found), not \"\(Self.schema)\"")
    }
    guard let operation = contents.metadata["op"], !operation.isEmpty else {
      throw GoldenError("metadata `op` is missing")
    }
    let text = contents.metadata["params"] ?? "{}"
    guard let params = try? JSONValue(parsing: Data(text.utf8)), params.fields != nil else {
      throw GoldenError("metadata `params` is not a JSON object: \(text.prefix(80))")
    }
    self.url = url
    self.operation = operation
    self.params = params
    tensors = contents.tensors
    metadata = contents.metadata
    guard !outputNames.isEmpty else { throw GoldenError("there is no out.NAME to compare with") }
    for name in outputNames { _ = try tolerance(name) }
  }

  public var outputNames: [String] {
    tensors.keys.filter { $0.hasPrefix("out.") }.map { String($0.dropFirst(4)) }.sorted()
  }

  public var inputNames: [String] {
    tensors.keys.filter { $0.hasPrefix("in.") }.map { String($0.dropFirst(3)) }.sorted()
  }

  // MARK: Inputs

  public func file(_ name: String) throws -> FileTensor {
    guard let tensor = tensors["in.\(name)"] else {
      let known = inputNames.map { "in.\($0)" }.joined(separator: ", ")
      throw GoldenError("`\(operation)` needs in.\(name); there is \(known.isEmpty ? "no input" : known)")
    }
    return tensor
  }

  /// An input as the library's tensor, its rank checked.
  public func tensor(_ name: String, rank: Int? = nil) throws -> Tensor {
    let tensor = try file(name)
    if let rank, tensor.shape.count != rank {
      throw GoldenError("in.\(name) has shape \(tensor.shape); `\(operation)` takes \(rank) axes there")
    }
    return tensor.tensor
  }

  /// An integer input, as labels and counts are.
  public func integers(_ name: String) throws -> [Int] {
    guard let values = try file(name).integers else { throw GoldenError("in.\(name) is not of an integer type") }
    return values
  }

  // MARK: Parameters

  public func number(_ name: String) throws -> Double {
    guard let value = params[name]?.double else { throw missing(name, "a number") }
    return value
  }

  public func float(_ name: String) throws -> Float { Float(try number(name)) }

  /// - Parameter limit: the largest magnitude that is accepted, so that a wrong file cannot ask for a year's work.
  public func integer(_ name: String, atMost limit: UInt = 1_000_000) throws -> Int {
    guard let value = params[name]?.integer else { throw missing(name, "a whole number") }
    guard value.magnitude <= limit else {
      throw GoldenError("parameter `\(name)` of `\(operation)` is \(value); at most \(limit) is accepted")
    }
    return value
  }

  public func bool(_ name: String) throws -> Bool {
    guard case .bool(let value)? = params[name] else { throw missing(name, "true or false") }
    return value
  }

  public func text(_ name: String) throws -> String {
    guard let value = params[name]?.text else { throw missing(name, "a text") }
    return value
  }

  /// An enumerated parameter; the error lists what is known.
  public func choice<T>(_ name: String, _ known: KeyValuePairs<String, T>) throws -> T {
    let value = try text(name)
    guard let found = known.first(where: { $0.key == value })?.value else {
      let names = known.map { "\"\($0.key)\"" }.joined(separator: ", ")
      throw GoldenError("parameter `\(name)` is \"\(value)\"; known: \(names)")
    }
    return found
  }

  private func missing(_ name: String, _ type: String) -> GoldenError {
    GoldenError("parameter `\(name)` of `\(operation)` is missing or not \(type)")
  }
}

// MARK: - Comparison

extension GoldenFile {
  private func tolerance(_ output: String) throws -> Double {
    let text = metadata["rtol.\(output)"] ?? metadata["rtol"]
    guard let text, let value = Double(text), value >= 0, value.isFinite else {
      throw GoldenError("metadata `rtol` for \(output) is \(text ?? "missing"), not a number of at least 0")
    }
    return value
  }

  /// What is wrong with the results, a phrase an output; empty if all are within their tolerance.
  public func differences(_ results: GoldenResults) throws -> [String] {
    try outputNames.compactMap { name in
      let expected = tensors["out.\(name)"]!
      guard let got = results[name] else { return "\(name): not computed" }
      guard got.count == expected.count else {
        return "\(name): \(got.count) elements instead of \(expected.count) (\(expected.shape))"
      }
      if let integers = expected.integers {
        let wrong = zip(got, integers).filter { $0 != Double($1) }.count
        return wrong == 0 ? nil : "\(name): \(wrong) of \(integers.count) integers differ"
      }
      let error = Self.relativeError(got, expected.doubles)
      let allowed = try tolerance(name)
      return error <= allowed ? nil : "\(name): relative error \(Self.short(error)), allowed \(Self.short(allowed))"
    }
  }

  /// ‖got − expected‖₂ / ‖expected‖₂; ‖got‖₂ if nothing is expected; infinite for anything not finite.
  static func relativeError(_ got: [Double], _ expected: [Double]) -> Double {
    var difference = 0.0
    var norm = 0.0
    for (g, e) in zip(got, expected) {
      difference += (g - e) * (g - e)
      norm += e * e
    }
    guard difference.isFinite else { return .infinity }
    return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
  }

  static func short(_ value: Double) -> String { String(format: "%.3g", value) }
}

/// Outputs of an operation by name, in float64 and in the layout of the files (N C H W).
public struct GoldenResults: Sendable {
  private var values: [String: [Double]] = [:]

  public init() {}

  public subscript(_ name: String) -> [Double]? {
    get { values[name] }
    set { values[name] = newValue }
  }

  public mutating func set(_ name: String, _ tensor: Tensor) { values[name] = tensor.values.map(Double.init) }
  public mutating func set(_ name: String, _ value: Double) { values[name] = [value] }
  public mutating func set(_ name: String, _ integers: [Int]) { values[name] = integers.map(Double.init) }
}
