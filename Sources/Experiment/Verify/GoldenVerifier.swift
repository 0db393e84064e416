import Foundation

/// Runs golden cases and compares.
public struct GoldenVerifier: Sendable {
  public enum Outcome: Hashable, Sendable {
    case passed
    case failed(String)
  }

  public struct Summary: Hashable, Sendable {
    public var passed = 0
    public var failed = 0
    /// `71 passed, 0 failed, 0 skipped`; no case is ever passed over, which scripts may rely on.
    public var text: String { "\(passed) passed, \(failed) failed, 0 skipped" }
  }

  public init() {}

  /// Verifies files and all `.safetensors` below folders, in the order given, folders by name.
  ///
  /// - Parameter report: gets each case's path and outcome as it is known. A path that does not exist and a
  ///   folder without cases are failures.
  public func verify(_ paths: [URL], report: (_ path: String, Outcome) -> Void) -> Summary {
    var summary = Summary()
    func count(_ path: String, _ outcome: Outcome) {
      switch outcome {
      case .passed: summary.passed += 1
      case .failed: summary.failed += 1
      }
      report(path, outcome)
    }
    for path in paths {
      let name = path.relativePath
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path.path(percentEncoded: false), isDirectory: &isFolder) else {
        count(name, .failed("no such file or folder"))
        continue
      }
      guard isFolder.boolValue else {
        count(name, verify(path))
        continue
      }
      let cases = Self.cases(below: path)
      if cases.isEmpty { count(name, .failed("no .safetensors file in this folder")) }
      for file in cases {
        count(name.hasSuffix("/") ? name + file : "\(name)/\(file)", verify(path.appending(path: file)))
      }
    }
    return summary
  }

  /// Verifies one case.
  public func verify(_ url: URL) -> Outcome {
    do {
      let golden = try GoldenFile(url)
      guard let operation = GoldenOperations.all[golden.operation] else {
        let known = GoldenOperations.all.keys.sorted().joined(separator: ", ")
        return .failed("unknown op \"\(golden.operation)\"; known: \(known)")
      }
      let differences = try golden.differences(try operation(golden))
      return differences.isEmpty ? .passed : .failed("\(golden.operation): \(differences.joined(separator: "; "))")
    } catch {
      return .failed("\(error)")
    }
  }

  private static func cases(below folder: URL) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false))
    return (all?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".safetensors") }.sorted()
  }
}
