import DataPipeline
import Evaluation
import Foundation
import Kernels
import RecipeLanguage
import TensorFiles
import Training

/// Why an arm stopped, with the line of the recipe that configured what failed.
package struct LateFailure: Error {
  let reason: any Error
  let plan: ArmPlan
  /// That of DnC in which it happened.
  let stage: String?

  package init(_ reason: any Error, _ plan: ArmPlan) {
    let staged = reason as? StageFailure
    self.reason = staged?.reason ?? reason
    self.plan = plan
    stage = staged?.stage
  }

  /// Whether the same recipe would fail in the same way again: its own numbers are the cause, no file.
  package var isOfTheRecipe: Bool { [PlanCode.training, PlanCode.convergence].contains(diagnostic.code) }

  /// Whether other arms would fail as well.
  package var concernsAll: Bool { diagnostic.code == PlanCode.diskFull }

  package var diagnostic: Diagnostic {
    if let shortage = Shortage(reason), shortage.isOfRoom { return diskFull(shortage) }
    switch reason {
    case let error as TrainingError:
      switch error {
      case .notFinite: return notFinite("\(error)")
      case .checkpoint(let path, let detail): return checkpoint(path, detail)
      case .settings: return other("\(error)")
      }
    case let error as NotConverged: return notConverged(error)
    case let error as DataError: return lostData(error)
    case let error as EvaluationError where error.detail.contains("not finite"): return notFinite("\(error)")
    case let error as DamagedCheckpoint: return checkpoint(error.path, error.detail)
    default: return other("\(reason)")
    }
  }

  /// One line for lists: `not finite in step 12 …`.
  var summary: String { diagnostic.message }

  // MARK: Kinds

  private var record: RecordValue { plan.recipe.record }
  private var notes: [String] { ["in recipe `\(plan.name)`" + (stage.map { ", stage `\($0)`" } ?? "")] }

  private func notFinite(_ message: String) -> Diagnostic {
    var contrastive = record.record("method")
    while let inner = contrastive["method"]?.recordValue { contrastive = inner }
    return Diagnostic(
      PlanCode.training, message, at: record.record("optimizer").span(of: "lr"), label: "the rate",
      secondary: contrastive["temperature"] == nil
        ? [] : [.init(contrastive.span(of: "temperature"), "the temperature")], notes: notes)
  }

  private func notConverged(_ error: NotConverged) -> Diagnostic {
    let method = record.record("method")
    let sinkhorn = method.type == "harmonized" ? method.record("gh").record("sinkhorn") : method
    return Diagnostic(
      PlanCode.convergence, "\(error)", at: sinkhorn.span(of: "iterations"),
      label: "at most these", secondary: [.init(sinkhorn.span(of: "require_convergence"), "asked for here")],
      notes: notes, help: "allow more `iterations`, a larger `lambda`, or a larger `tolerance`")
  }

  private func lostData(_ error: DataError) -> Diagnostic {
    var source = record.record("data").record("source")
    while let inner = source["source"]?.recordValue { source = inner }
    let paths = source.fields.filter { $0.value.stringValue != nil }
    // The field whose file it is; the first path where the error names a file inside a folder.
    let field =
      paths.last { field in
        let url = RecipePaths.url(field.value.stringValue ?? "", recipe: source.span(of: field.name).file.name)
        return error.path.hasPrefix(url.relativePath) || error.path.hasPrefix(url.path(percentEncoded: false))
      } ?? paths.first
    return Diagnostic(
      PlanCode.lostData, "\(error.path): \(error.problem)", at: field.map { source.span(of: $0.name) } ?? source.span,
      label: "the images", notes: notes,
      help: error.remedy.isEmpty ? "put the file back, then go on with --resume" : error.remedy)
  }

  private func checkpoint(_ path: String, _ detail: String) -> Diagnostic {
    Diagnostic(
      PlanCode.checkpoint, "\(path): \(detail)", at: plan.recipe.span, label: "the state of this recipe", notes: notes)
  }

  private func diskFull(_ shortage: Shortage) -> Diagnostic {
    let isWritten = record.field("checkpoint")?.provenance.span != nil
    return Diagnostic(
      PlanCode.diskFull, "\(reason)", at: isWritten ? record.span(of: "checkpoint") : plan.recipe.span,
      label: isWritten ? "each kept checkpoint stays" : "written by this recipe", notes: notes,
      help: "\(shortage.remedy), then go on with --resume")
  }

  private func other(_ message: String) -> Diagnostic {
    Diagnostic(
      PlanCode.stopped, message, at: plan.recipe.span, label: "this recipe", notes: notes,
      help: Shortage(reason).map { "\($0.remedy), then go on with --resume" })
  }
}

/// What the system had no more of when a file was to be written or opened, and what gives it some.
enum Shortage {
  case disk, quota, fileSize, openFiles

  /// Nil for other reasons.
  init?(_ error: any Error) {
    switch (error as? TensorFileError)?.number ?? (error as? RunStoreError)?.number {
    case ENOSPC: self = .disk
    case EDQUOT: self = .quota
    case EFBIG: self = .fileSize
    case EMFILE: self = .openFiles
    default: return nil
    }
  }

  /// Whether a file found no room.
  var isOfRoom: Bool { self != .openFiles }

  var remedy: String {
    switch self {
    case .disk: "free some space"
    case .quota: "free some space of your quota"
    case .fileSize: "let files be larger (`ulimit -f`)"
    case .openFiles: "let the process open more files (`ulimit -n`)"
    }
  }
}

/// A checkpoint that cannot be read, with the remedy.
struct DamagedCheckpoint: Error {
  let path: String
  let detail: String
}
