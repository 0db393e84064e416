import Foundation
import NeuralNet

/// The architecture as text with the words of the golden cases: `{"block":"basic","blocks":[1,1,1],…}`, or
/// `{"coordinates":2,"layers":[64,64,2],…}` for a perceptron.
extension ContrastiveModel.Configuration {
  private struct Text: Codable {
    var stem: ResNet.Configuration.Stem.RawValue?
    var block: ResNet.Configuration.Block.RawValue?
    var blocks: [Int]?
    var width: Int?
    var channels: Int?
    /// Of a perceptron alone: what a point has, and the widths of all layers.
    var coordinates: Int?
    var layers: [Int]?
    var hidden: Int?
    /// Left out where there is no projector.
    var projection: Int?
    /// Left out where there is none.
    var pruned: Bool?

    var backbone: BackboneConfiguration? {
      if let coordinates, let layers, let last = layers.last {
        return .perceptron(.init(inputs: coordinates, hidden: Array(layers.dropLast()), outputs: last))
      }
      guard let stem = stem.flatMap(ResNet.Configuration.Stem.init), let blocks, let width,
        let block = block.flatMap(ResNet.Configuration.Block.init)
      else { return nil }
      return .residual(.init(stem: stem, block: block, blocks: blocks, width: width, inputChannels: channels ?? 3))
    }
  }

  /// One line, keys sorted: equal configurations give equal text.
  public var json: String {
    var text = Text(
      hidden: hidden, projection: isDirect ? nil : projection, pruned: hasPrunedBranch ? true : nil)
    switch encoder {
    case .residual(let network):
      (text.stem, text.block) = (network.stem.rawValue, network.block.rawValue)
      (text.blocks, text.width, text.channels) = (network.blocks, network.width, network.inputChannels)
    case .perceptron(let network):
      (text.coordinates, text.layers) = (network.inputs, network.hidden + [network.outputs])
    }
    let coder = JSONEncoder()
    coder.outputFormatting = .sortedKeys
    // Integers and plain words always encode.
    return String(decoding: try! coder.encode(text), as: UTF8.self)
  }

  /// Nil for text that does not describe a model. `channels` is 3 unless given, `hidden` as wide as the
  /// representation; without `projection` there is no projector.
  public init?(json: String) {
    guard let text = try? JSONDecoder().decode(Text.self, from: Data(json.utf8)), let backbone = text.backbone else {
      return nil
    }
    self.init(
      encoder: backbone, hidden: text.hidden, projection: text.projection, hasPrunedBranch: text.pruned ?? false)
  }
}
