import Foundation
import NeuralNet

/// The architecture as text with the words of the golden cases: `{"block":"basic","blocks":[1,1,1],…}`.
extension ContrastiveModel.Configuration {
  private struct Text: Codable {
    var stem: ResNet.Configuration.Stem.RawValue
    var block: ResNet.Configuration.Block.RawValue
    var blocks: [Int]
    var width: Int
    var channels: Int?
    var hidden: Int?
    var projection: Int
    /// Left out where there is none.
    var pruned: Bool?
  }

  /// One line, keys sorted: equal configurations give equal text.
  public var json: String {
    let text = Text(
      stem: encoder.stem.rawValue, block: encoder.block.rawValue, blocks: encoder.blocks, width: encoder.width,
      channels: encoder.inputChannels, hidden: hidden, projection: projection,
      pruned: hasPrunedBranch ? true : nil)
    let coder = JSONEncoder()
    coder.outputFormatting = .sortedKeys
    // Integers and plain words always encode.
    return String(decoding: try! coder.encode(text), as: UTF8.self)
  }

  /// Nil for text that does not describe a model. `channels` is 3 unless given, `hidden` as wide as the
  /// representation.
  public init?(json: String) {
    guard let text = try? JSONDecoder().decode(Text.self, from: Data(json.utf8)),
      let stem = ResNet.Configuration.Stem(rawValue: text.stem),
      let block = ResNet.Configuration.Block(rawValue: text.block)
    else { return nil }
    self.init(
      encoder: ResNet.Configuration(
        stem: stem, block: block, blocks: text.blocks, width: text.width, inputChannels: text.channels ?? 3),
      hidden: text.hidden, projection: text.projection, hasPrunedBranch: text.pruned ?? false)
  }
}
