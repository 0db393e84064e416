import Foundation
import NeuralNet

extension Trainer {
  /// What a training is, beside model, method and data.
  public struct Settings: Sendable {
    public var epochs: Int
    public var learningRate: Schedule
    /// When the learning rate changes.
    public var update: ScheduleUpdate
    /// Names these settings in checkpoints; a checkpoint of another identity is refused.
    public var identity: String
    public var checkpoints: Checkpoints
    /// Kept in checkpoints as they are.
    public var notes: [String: String]

    public init(
      epochs: Int, learningRate: Schedule, update: ScheduleUpdate = .everyEpoch, identity: String,
      checkpoints: Checkpoints, notes: [String: String] = [:]
    ) {
      self.epochs = epochs
      self.learningRate = learningRate
      self.update = update
      self.identity = identity
      self.checkpoints = checkpoints
      self.notes = notes
    }
  }

  /// Where and when the state is saved. The latest stands in `last.safetensors`; it is written when training
  /// ends or is interrupted, and as said here.
  public struct Checkpoints: Sendable {
    /// An existing folder; nil saves nothing.
    public var folder: URL?
    /// Saves the latest after this many epochs; nil for at the end only.
    public var everyEpochs: Int?
    /// Saves the latest after this many steps within an epoch.
    public var everySteps: Int?
    /// Saves the latest after the first step that ends this many seconds after the last save.
    public var everySeconds: Double?
    /// Also keeps `epoch-000200.safetensors` after every so many epochs.
    public var keepEveryEpochs: Int?

    public init(
      folder: URL?, everyEpochs: Int? = 1, everySteps: Int? = nil, everySeconds: Double? = 60,
      keepEveryEpochs: Int? = nil
    ) {
      self.folder = folder
      self.everyEpochs = everyEpochs
      self.everySteps = everySteps
      self.everySeconds = everySeconds
      self.keepEveryEpochs = keepEveryEpochs
    }

    public static let none = Checkpoints(folder: nil)

    var latest: URL? { folder?.appending(path: "last.safetensors") }

    func kept(_ epoch: Int) -> URL? {
      let digits = String(epoch)
      let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      return folder?.appending(path: "epoch-\(padded).safetensors")
    }
  }

  /// Something done with the model between epochs: a probe, pictures.
  public struct Hook {
    /// After every so many epochs, and after the last one.
    public let everyEpochs: Int
    /// Gets the model, not to be changed, and the moment after the epoch (`epoch` counts finished ones).
    public let body: (ContrastiveModel, Moment) throws -> Void

    /// Programmer error: a number of epochs below 1 traps.
    public init(everyEpochs: Int, _ body: @escaping (ContrastiveModel, Moment) throws -> Void) {
      precondition(everyEpochs > 0, "a hook every \(everyEpochs) epochs")
      self.everyEpochs = everyEpochs
      self.body = body
    }
  }
}
