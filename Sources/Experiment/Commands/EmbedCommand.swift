import DataPipeline
import Foundation
import Kernels
import NeuralNet
import TensorFiles
import Training
import VisibleText

/// `harmonia embed`: images to vectors by a checkpoint.
public struct EmbedCommand: Sendable {
  /// Which part of a data set.
  public enum Split: String, Sendable, CaseIterable {
    case train, test
  }

  public var checkpoint: String
  public var images: String
  public var output: String
  /// Nil for the training part where there are parts, else all.
  public var split: Split?
  /// The projector's output instead of the representation.
  public var projection: Bool
  public var skipBroken: Bool
  /// A picture with more pixels counts as broken. nil: the limit of `folder(…)` in recipes.
  public var maximumPixels: Int?
  public var threads: Int?

  public init(
    checkpoint: String, images: String, output: String, split: Split? = nil, projection: Bool = false,
    skipBroken: Bool = false, maximumPixels: Int? = nil, threads: Int? = nil
  ) {
    self.checkpoint = checkpoint
    self.images = images
    self.output = output
    self.split = split
    self.projection = projection
    self.skipBroken = skipBroken
    self.maximumPixels = maximumPixels
    self.threads = threads
  }

  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    do {
      let url = URL(filePath: output)
      guard ["npy", "safetensors"].contains(url.pathExtension) else {
        throw RunStoreError(url, "the ending says the format: .npy or .safetensors")
      }
      let parent = url.deletingLastPathComponent()
      guard access(parent.path(percentEncoded: false), W_OK) == 0 else {
        throw RunStoreError.system(parent, "cannot write into this folder", errno)
      }
      let state = try Checkpoint(contentsOf: try checkpointURL())
      if case .perceptron = state.architecture.encoder {
        throw RunStoreError(URL(filePath: checkpoint), "is a network for points, and `embed` reads pictures")
      }
      let wanted: DataSplit? = split.map { $0 == .test ? .test : .train }
      let opened = try FoundImages(
        URL(filePath: images), split: wanted, skipBroken: skipBroken, maximumPixels: maximumPixels)
      let remarks = DataRemarks(opened.leftOut, name: "given")
      for line in remarks.lines { console.err(line) }
      let source = try Self.matching(opened.source, channels: state.architecture.encoder.inputs)
      let representations = try Representations(state, projection: projection)
      let features = try representations.of(source)
      guard features.values.isFinite else {
        throw RunStoreError(
          URL(filePath: checkpoint),
          "gives numbers that are not finite; the checkpoint is damaged, or its training had failed")
      }
      if url.pathExtension == "npy" {
        try Npy.write(FileTensor(features.values), to: url)
      } else {
        try write(features.values, source, opened, state, to: url)
      }
      console.out("\(output.visibleLine): \(features.count) × \(features.dimension)")
      return .success
    } catch {
      console.err("error: \(error)".visibleLine)
      if let shortage = Shortage(error) { console.err("help: \(shortage.remedy)") }
      return .failedRun
    }
  }

  /// The file itself, or the last checkpoint of an arm's folder.
  private func checkpointURL() throws -> URL {
    let url = URL(filePath: checkpoint)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder) else {
      throw RunStoreError(url, "no such checkpoint or folder")
    }
    guard isFolder.boolValue else { return url }
    let arm = ArmFolder(url)
    if arm.hasCheckpoint { return arm.lastCheckpoint }
    let arms = RunFolder(url).armNames
    throw RunStoreError(
      url,
      arms.isEmpty ? "holds no checkpoint" : "is a whole run; name one of its recipes: \(arms.joined(separator: ", "))")
  }

  /// Grey pictures for a network of one channel, colour for three.
  private static func matching(_ source: any ImageSource, channels: Int) throws -> any ImageSource {
    source.channels == channels ? source : Recoloured(base: source, channels: channels)
  }

  private func write(
    _ values: Tensor, _ source: any ImageSource, _ found: FoundImages, _ state: Checkpoint, to url: URL
  ) throws {
    var tensors = ["embeddings": FileTensor(values)]
    var metadata = [
      "schema": "harmonia.embeddings/1", "identity": state.identity, "images": images,
      "layer": projection ? "projection" : "representation",
    ]
    if let labels = source.labels {
      tensors["labels"] = FileTensor(labels.map(Int64.init))
      metadata["classes"] = JSONValue.strings(source.classNames).line
    }
    if let split = found.split { metadata["split"] = (split == .test ? Split.test : .train).rawValue }
    if !found.leftOut.isEmpty { metadata["remarks"] = DataRemarks(found.leftOut, name: "given").json.line }
    if let names = found.names { metadata["names"] = JSONValue.strings(names).line }
    try SafeTensors.write(tensors: tensors, metadata: metadata, to: url)
  }
}

extension Representations {
  /// As the checkpoint's run saw its images. Throws `TrainingError` for a checkpoint that does not say.
  init(_ state: Checkpoint, projection: Bool) throws {
    func numbers(_ key: String) -> [Float] { (state.notes[key] ?? "").split(separator: " ").compactMap { Float($0) } }
    let (mean, deviation) = (numbers("view.mean"), numbers("view.deviation"))
    guard let size = state.notes["view.size"].flatMap({ Int($0) }), size > 0,
      mean.count == state.architecture.encoder.inputs, deviation.count == mean.count,
      deviation.allSatisfy({ $0 > 0 })
    else {
      throw TrainingError.checkpoint(
        path: "checkpoint", detail: "does not say how its images were sized and normalised; it was not written by `run`"
      )
    }
    self.init(
      model: try state.makeModel(),
      views: PlainViews(size: size, normalization: Normalization(mean: mean, deviation: deviation)),
      projection: projection)
  }
}

/// A source whose pictures are made grey or given three equal channels.
private struct Recoloured: ImageSource {
  let base: any ImageSource
  let channels: Int
  var origin: String { base.origin }
  var leftOut: LeftOut { base.leftOut }
  var count: Int { base.count }
  var classNames: [String] { base.classNames }
  var labels: [Int]? { base.labels }

  func image(at index: Int) throws -> Image {
    let image = try base.image(at: index)
    return channels == 1 ? image.singleChannel() : image.colour()
  }
}
