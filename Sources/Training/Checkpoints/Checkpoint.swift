import Foundation
import Kernels
import NeuralNet
import TensorFiles

/// All that training needs to go on as if it had never stopped: settings are the recipe's (named by its
/// identity), this is the state.
///
/// In a file, parameters and buffers have the names and the order of the golden cases (`backbone.conv1.weight`,
/// K C R S); `optimizer.momentum.…` is the optimiser's, `method.…` the method's (momentum scores, prior,
/// structure), `epoch.…` the sums of the epoch under way. No times or paths stand in it, so equal states are
/// equal files.
public struct Checkpoint {
  static let schema = "harmonia.checkpoint/1"

  public var moment: Moment
  /// SHA-256 of the resolved recipe, or whatever names the settings this state belongs to.
  public var identity: String
  public var architecture: ContrastiveModel.Configuration
  /// How the model's convolutions were computed.
  public var convolution: ConvolutionChoice
  public var model: [String: Tensor]
  public var optimizer: [String: Tensor]
  public var method: [String: Tensor]
  /// Sums of the epoch under way, for its mean loss.
  var sums: EpochSums

  /// Further metadata, kept as it is (class names, normalisation of the images).
  public var notes: [String: String] = [:]

  // MARK: Writing

  /// Writes atomically: after a crash or on a full disk the file before is still there, whole.
  /// Throws ``TensorFileError``.
  public func write(to url: URL) throws {
    var tensors: [String: FileTensor] = [:]
    for (name, tensor) in model { tensors[name] = FileTensor(tensor) }
    for (name, tensor) in optimizer { tensors["optimizer." + name] = FileTensor(tensor) }
    for (name, tensor) in method { tensors["method." + name] = FileTensor(tensor) }
    for (name, values) in sums.parts { tensors["epoch.sum." + name] = FileTensor(values) }
    var metadata = [
      "schema": Checkpoint.schema, "identity": identity, "epoch": "\(moment.epoch)", "batch": "\(moment.batch)",
      "step": "\(moment.step)", "batches_per_epoch": "\(moment.batchesPerEpoch)",
      "architecture": architecture.json,
    ]
    metadata.merge(convolution.metadata) { _, new in new }
    for (name, text) in notes { metadata["note." + name] = text }
    try SafeTensors.write(tensors: tensors, metadata: metadata, to: url)
  }

  // MARK: Reading

  /// Reads a checkpoint. Throws ``TensorFileError`` for a broken file and ``TrainingError`` for one that
  /// is no checkpoint.
  public init(contentsOf url: URL) throws {
    let contents = try SafeTensors.read(url)
    let header = try Header(contents.metadata, url)
    self.init(
      moment: header.moment, identity: header.identity, architecture: header.architecture,
      convolution: header.convolution, model: [:], optimizer: [:], method: [:], sums: EpochSums(), notes: header.notes)
    for (name, tensor) in contents.tensors {
      if let rest = name.suffix(after: "optimizer.") {
        optimizer[rest] = tensor.tensor
      } else if let rest = name.suffix(after: "method.") {
        method[rest] = tensor.tensor
      } else if let rest = name.suffix(after: "epoch.sum.") {
        sums.parts[rest] = tensor.doubles
      } else {
        model[name] = tensor.tensor
      }
    }
  }

  init(
    moment: Moment, identity: String, architecture: ContrastiveModel.Configuration, convolution: ConvolutionChoice,
    model: [String: Tensor], optimizer: [String: Tensor], method: [String: Tensor], sums: EpochSums,
    notes: [String: String]
  ) {
    self.moment = moment
    self.identity = identity
    self.architecture = architecture
    self.convolution = convolution
    self.model = model
    self.optimizer = optimizer
    self.method = method
    self.sums = sums
    self.notes = notes
  }

  /// The model alone, ready for features: built as the checkpoint says, and computing as in its training.
  public func makeModel() throws -> ContrastiveModel {
    let result = try ContrastiveModel(architecture, convolution: convolution, seed: 0)
    try result.load(state: model)
    return result
  }
}

extension String {
  func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
