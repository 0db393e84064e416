import Foundation
import VisibleText

/// `harmonia runs [DIR]`: the runs under a folder, newest first.
public struct RunsCommand: Sendable {
  public var folder: String
  public var json: Bool

  public init(folder: String, json: Bool) {
    self.folder = folder
    self.json = json
  }

  public func run(_ console: Console) -> ExitStatus {
    do {
      let list = try RunList(under: URL(filePath: folder))
      console.out(json ? list.json.line : list.text)
      return .success
    } catch {
      console.err("error: \(error)".visibleLine)
      return .failedRun
    }
  }
}
