import DataPipeline
import Foundation
import RecipeLanguage

/// The images of a source as a recipe selects them.
struct SelectedImages: Sendable {
  /// The training split before `long_tail`: what a probe learns from.
  var pool: any ImageSource
  /// What the encoder is trained on.
  var training: any ImageSource
  var test: (any ImageSource)?
  /// Of pictures; points are taken as they are.
  var normalization = Normalization.imageNet
  /// The missing file or folder that these are only a stand-in for.
  var standInFor: String?
}

/// Opens the sources that recipes name, each once: arms that differ only in the method share their images.
final class ImageLibrary {
  /// What is wrong with a source, and which field says so.
  struct Problem: Error {
    let code: DiagnosticCode
    let message: String
    let span: SourceSpan
    let help: String?
  }

  private var opened: [String: SelectedImages] = [:]
  /// Whether a data set that is not there is planned with a stand-in.
  private let allowsStandIns: Bool

  init(allowsStandIns: Bool = false) { self.allowsStandIns = allowsStandIns }

  /// Throws ``Problem``.
  func open(_ source: RecordValue) throws -> SelectedImages {
    let key = Value.record(source).canonicalText
    if let known = opened[key] { return known }
    let images = try read(source)
    opened[key] = images
    return images
  }

  private func read(_ source: RecordValue) throws -> SelectedImages {
    do {
      switch source.type {
      case "long_tail": return try longTailed(source)
      case "limit": return try limited(source)
      case "cifar10": return try cifar(source, .cifar10)
      case "cifar100": return try cifar(source, .cifar100)
      case "mnist": return try mnist(source)
      case "idx": return try idx(source)
      case "blobs": return blobs(source)
      default: return try folder(source)
      }
    } catch let error as DataError {
      if allowsStandIns, let missing = missingFile(source) {
        return SelectedImages(standingInFor: source, missing: missing)
      }
      let path = source.field("path") != nil ? "path" : source.field("images") != nil ? "images" : nil
      let span = path.map { source.span(of: $0) } ?? source.span
      throw Problem(
        code: PlanCode.data, message: "\(error.path): \(error.problem)", span: span,
        help: error.remedy.isEmpty ? nil : error.remedy)
    }
  }

  // MARK: Selections

  private func longTailed(_ record: RecordValue) throws -> SelectedImages {
    var images = try open(record.record("source"))
    try requireLabels(images, record)
    let order = record["order"]?.listValue?.compactMap(\.intValue)
    let classes = images.training.classNames.count
    if let order, order.sorted() != Array(0..<classes) {
      throw Problem(
        code: PlanCode.order, message: "the order \(order) is not one of the \(classes) classes",
        span: record.span(of: "order"), help: "list each of 0…\(classes - 1) once, the largest class first")
    }
    let profile = try LongTailProfile(
      record.member("profile") == "step" ? .step : .exponential, imbalance: record.float("imbalance"),
      seed: UInt32(record.int("seed")), classOrder: order)
    images.training = try images.training.longTailed(profile)
    return images
  }

  private func limited(_ record: RecordValue) throws -> SelectedImages {
    var images = try open(record.record("source"))
    try requireLabels(images, record)
    if let count = record["per_class"]?.intValue {
      // First where fewer are: the number that a refusal names is then right for both.
      images.training = try images.training.limited(perClass: count)
      images.pool = try images.pool.limited(perClass: count)
    }
    if let count = record["test_per_class"]?.intValue {
      guard let test = images.test else {
        throw Problem(
          code: PlanCode.evaluation, message: "there are no test images to limit",
          span: record.span(of: "test_per_class"), help: "leave `test_per_class` out")
      }
      images.test = try test.limited(perClass: count)
    }
    return images
  }

  private func requireLabels(_ images: SelectedImages, _ record: RecordValue) throws {
    guard images.training.labels == nil else { return }
    throw Problem(
      code: PlanCode.labels, message: "`\(record.type)` needs labels, and these images have none", span: record.span,
      help: "leave it out, or read labels: `folder(…, labels: .subfolders)`, `idx(…, labels: …)`")
  }

  // MARK: Files

  /// The first file of a source that does not exist.
  private func missingFile(_ source: RecordValue) -> String? {
    source.fields.filter { $0.value.stringValue != nil }.map { url($0.name, source).path(percentEncoded: false) }
      .first { !FileManager.default.fileExists(atPath: $0) }
  }

  private func url(_ field: String, _ record: RecordValue) -> URL {
    RecipePaths.url(record.string(field), recipe: record.span(of: field).file.name)
  }

  private func optionalURL(_ field: String, _ record: RecordValue) -> URL? {
    record.isNone(field) ? nil : url(field, record)
  }

  private func cifar(_ record: RecordValue, _ kind: CIFARKind) throws -> SelectedImages {
    let (training, test) = try CIFARSource.splits(of: url("path", record), kind: kind)
    return SelectedImages(pool: training, training: training, test: test, normalization: .cifar)
  }

  private func blobs(_ record: RecordValue) -> SelectedImages {
    func split(_ split: DataSplit, _ perClass: String) -> GaussianBlobs {
      GaussianBlobs(
        classes: record.int("classes"), perClass: record.int(perClass), radius: record.float("radius"),
        deviation: record.float("deviation"), seed: UInt64(record.int("seed")), split: split)
    }
    let training = split(.train, "per_class")
    return SelectedImages(pool: training, training: training, test: split(.test, "test_per_class"))
  }

  private func mnist(_ record: RecordValue) throws -> SelectedImages {
    let folder = try MNISTFolder(url("path", record))
    let training = try folder.source(.train)
    return SelectedImages(
      pool: training, training: training, test: try folder.source(.test), normalization: try .measured(training))
  }

  private func idx(_ record: RecordValue) throws -> SelectedImages {
    if !record.isNone("test_labels"), record.isNone("test_images") {
      throw Problem(
        code: PlanCode.data, message: "there are `test_labels` and no `test_images`", span: record.span(of: "test_labels"),
        help: "name the file of the test images, or leave `test_labels` out")
    }
    let training = try IDXSource(images: url("images", record), labels: optionalURL("labels", record))
    var test: IDXSource?
    if let images = optionalURL("test_images", record) {
      test = try training.split(images: images, labels: optionalURL("test_labels", record))
    }
    return SelectedImages(
      pool: training, training: training, test: test, normalization: try .measured(training))
  }

  private func folder(_ record: RecordValue) throws -> SelectedImages {
    var options = ImageFolderSource.Options()
    options.labels = record.member("labels") == "subfolders" ? .subfolders : .none
    options.broken = record.member("broken") == "skip" ? .skip : .stop
    options.decoder.maximumPixels = record.int("max_pixels")
    let training = try ImageFolderSource(url("path", record), options)
    var test: ImageFolderSource?
    if let folder = optionalURL("test", record) {
      options.classNames = training.labels == nil ? nil : training.classNames
      test = try ImageFolderSource(folder, options)
    }
    let normalization: Normalization = training.channels == 1 ? .greyPhotographs : .imageNet
    return SelectedImages(pool: training, training: training, test: test, normalization: normalization)
  }
}
