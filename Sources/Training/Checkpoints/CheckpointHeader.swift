import Foundation
import NeuralNet
import TensorFiles

extension Checkpoint {
  /// What a checkpoint is of, read without its numbers: to choose a file to go on from.
  public struct Header: Sendable {
    public let moment: Moment
    public let identity: String
    public let architecture: ContrastiveModel.Configuration
    public let convolution: ConvolutionChoice
    public let notes: [String: String]

    /// Throws ``TensorFileError`` for a broken file and ``TrainingError`` for one that is no checkpoint.
    public init(contentsOf url: URL) throws { try self.init(try SafeTensors.read(url).metadata, url) }

    init(_ metadata: [String: String], _ url: URL) throws {
      func refuse(_ detail: String) -> TrainingError {
        .checkpoint(path: url.path(percentEncoded: false), detail: detail)
      }
      guard let schema = metadata["schema"], schema.hasPrefix("harmonia.checkpoint/") else {
        throw refuse("not a checkpoint of Harmonia")
      }
      guard schema == Checkpoint.schema else {
        throw refuse("written as \(schema), this version reads \(Checkpoint.schema)")
      }
      func number(_ key: String) throws -> Int {
        guard let value = metadata[key].flatMap({ Int($0) }), value >= 0 else {
          throw refuse("metadata \"\(key)\" is \(metadata[key] ?? "missing"), not a whole number")
        }
        return value
      }
      moment = Moment(
        epoch: try number("epoch"), batch: try number("batch"), step: try number("step"),
        batchesPerEpoch: try number("batches_per_epoch"))
      guard let identity = metadata["identity"] else { throw refuse("metadata \"identity\" is missing") }
      self.identity = identity
      guard let configuration = metadata["architecture"].flatMap({ ContrastiveModel.Configuration(json: $0) }) else {
        throw refuse("metadata \"architecture\" does not describe a model")
      }
      architecture = configuration
      do {
        convolution = try ConvolutionChoice(metadata)
      } catch {
        throw refuse("metadata \"\(error.key)\" is \"\(error.word)\", which this version does not know")
      }
      var notes: [String: String] = [:]
      for (key, text) in metadata {
        if let name = key.suffix(after: "note.") { notes[name] = text }
      }
      self.notes = notes
    }
  }
}
