import Experiment
import Foundation

/// Messages of the server as lines of a transcript.
enum TranscriptText {
  static func lines(_ message: JSONValue, _ method: String) -> [String] {
    if let error = message["error"] {
      return ["error \(error["code"]?.integer ?? 0): \(error["message"]?.text ?? "")"]
    }
    if message["method"] == .string("textDocument/publishDiagnostics"), let params = message["params"] {
      return diagnostics(params)
    }
    guard let result = message["result"], !method.isEmpty else { return [message.line] }
    switch method {
    case "hover":
      guard let text = result["contents"]?["value"]?.text else { return ["nothing"] }
      return [range(result["range"])] + text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    case "definition": return result == .null ? ["nothing"] : [location(result)]
    case "references": return (result.elements ?? []).map(location)
    case "prepareRename": return ["\(range(result["range"])) \(result["placeholder"]?.text ?? "")"]
    case "rename": return edits(result["changes"])
    case "formatting": return (result.elements ?? []).map(edit)
    case "codeAction":
      return (result.elements ?? []).flatMap { [$0["title"]?.text ?? ""] + edits($0["edit"]?["changes"]) }
    case "completion": return completion(result)
    case "documentSymbol": return (result.elements ?? []).flatMap { symbol($0, "") }
    default: return [result.line]
    }
  }

  private static func diagnostics(_ params: JSONValue) -> [String] {
    let version = params["version"]?.integer.map { " version \($0)" } ?? ""
    var lines = ["diagnostics \(params["uri"]?.text ?? "")\(version)"]
    for item in params["diagnostics"]?.elements ?? [] {
      let severity = ["", "error", "warning", "note"][item["severity"]?.integer ?? 0]
      let message = (item["message"]?.text ?? "").replacing("\n", with: "⏎")
      lines.append("  \(range(item["range"])) \(severity) \(item["code"]?.text ?? "") \(message)")
      for related in item["relatedInformation"]?.elements ?? [] {
        lines.append("    \(location(related["location"])) \(related["message"]?.text ?? "")")
      }
    }
    return lines
  }

  private static func completion(_ result: JSONValue) -> [String] {
    let items = (result["items"]?.elements ?? []).sorted {
      ($0["sortText"]?.text ?? "") < ($1["sortText"]?.text ?? "")
    }
    guard let first = items.first else { return ["nothing"] }
    let shown = items.prefix(8).map { item in
      let text = item["textEdit"]?["newText"]?.text ?? ""
      let detail = item["detail"]?.text.map { "  \($0)" } ?? ""
      let doc = item["documentation"]?["value"]?.text.map { "  // \($0)" } ?? ""
      return "  [\(text)]\(detail)\(doc)"
    }
    let rest = items.dropFirst(8).compactMap { $0["label"]?.text }
    return ["replacing \(range(first["textEdit"]?["range"]))"] + shown
      + (rest.isEmpty ? [] : ["  then \(rest.joined(separator: " "))"])
  }

  private static func symbol(_ item: JSONValue, _ indent: String) -> [String] {
    let place = item["location"].map(location) ?? "\(range(item["range"])) name \(range(item["selectionRange"]))"
    let detail = item["detail"]?.text.map { $0.isEmpty ? "" : " \($0)" } ?? ""
    let head = "\(indent)\(item["name"]?.text ?? "") (\(item["kind"]?.integer ?? 0))\(detail) \(place)"
    return [head] + (item["children"]?.elements ?? []).flatMap { symbol($0, indent + "  ") }
  }

  private static func edits(_ changes: JSONValue?) -> [String] {
    (changes?.fields ?? []).flatMap { file in
      (file.value.elements ?? []).map { "  \(file.name) \(edit($0))" }
    }
  }

  private static func edit(_ edit: JSONValue) -> String {
    "\(range(edit["range"])) [\((edit["newText"]?.text ?? "").replacing("\n", with: "⏎"))]"
  }

  private static func location(_ value: JSONValue?) -> String {
    "\(value?["uri"]?.text ?? "") \(range(value?["range"]))"
  }

  static func range(_ value: JSONValue?) -> String { "\(position(value?["start"]))-\(position(value?["end"]))" }

  private static func position(_ value: JSONValue?) -> String {
    "\(value?["line"]?.integer ?? -1):\(value?["character"]?.integer ?? -1)"
  }
}
