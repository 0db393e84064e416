import RecipeLanguage
import VisibleText

/// `harmonia explain [CODE]`: the pages of diagnostic codes. A word of recipes is passed on to `harmonia doc`.
public struct ExplainCommand: Sendable {
  public var topic: String?

  public init(topic: String?) { self.topic = topic }

  public func run(_ console: Console) -> ExitStatus {
    let codes = DiagnosticCode.all + RecipeCatalogue.shared.codes
    guard let topic else {
      console.out(codes.sorted { $0.id < $1.id }.map { "\($0.id)  \($0.title)" }.joined(separator: "\n"))
      console.out("\n`harmonia explain CODE` prints a page; `harmonia doc` lists the words of recipes.")
      return .success
    }
    let wanted = topic.uppercased()
    if let code = codes.first(where: { $0.id == wanted }) {
      console.out(String(code.page.dropLast()))
      return .success
    }
    guard wanted.first == "E" || wanted.first == "W", wanted.count > 1, wanted.dropFirst().allSatisfy(\.isNumber) else {
      return DocCommand(word: topic).run(console)
    }
    console.err("error: there is no code \(wanted.visibleLine); `harmonia explain` lists them")
    return .failedCheck
  }
}
