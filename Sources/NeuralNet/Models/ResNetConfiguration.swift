extension ResNet {
  /// What a residual network is made of. ``ResNet/init(_:seed:)`` checks it.
  public struct Configuration: Hashable, Sendable {
    public enum Stem: String, Hashable, Sendable, CaseIterable {
      /// 3×3 convolution, stride 1: for images of about 32 pixels.
      case cifar
      /// 7×7 convolution, stride 2, then 3×3 max pool, stride 2.
      case imagenet
    }
    public enum Block: String, Hashable, Sendable, CaseIterable {
      /// Two 3×3 convolutions.
      case basic
      /// 1×1, 3×3 (which carries the stride), 1×1 to four times the width.
      case bottleneck

      public var expansion: Int { self == .basic ? 1 : 4 }
    }

    public var stem: Stem
    public var block: Block
    /// Blocks of each stage; stage k is `width`·2ᵏ wide and all but the first halve the image.
    public var blocks: [Int]
    /// Channels of the stem and of the first stage.
    public var width: Int
    public var inputChannels: Int

    public init(
      stem: Stem = .cifar, block: Block = .basic, blocks: [Int] = [2, 2, 2, 2], width: Int = 64,
      inputChannels: Int = 3
    ) {
      self.stem = stem
      self.block = block
      self.blocks = blocks
      self.width = width
      self.inputChannels = inputChannels
    }

    public static func resnet18(stem: Stem) -> Configuration { Configuration(stem: stem) }
    public static func resnet34(stem: Stem) -> Configuration { Configuration(stem: stem, blocks: [3, 4, 6, 3]) }
    public static func resnet50(stem: Stem) -> Configuration {
      Configuration(stem: stem, block: .bottleneck, blocks: [3, 4, 6, 3])
    }

    /// Width of the representation; 0 without stages.
    public var features: Int {
      blocks.isEmpty ? 0 : (width << (blocks.count - 1)) * block.expansion
    }

    func validate() throws {
      guard (1...8).contains(blocks.count) else {
        throw ModelError("blocks", "\(blocks.count) stages", "give 1 to 8 stages, as in [2, 2, 2, 2]")
      }
      guard blocks.allSatisfy({ (1...1000).contains($0) }) else {
        throw ModelError("blocks", "\(blocks)", "every stage needs 1 to 1000 blocks")
      }
      guard (1...4096).contains(width) else {
        throw ModelError("width", "\(width)", "give 1 to 4096 channels")
      }
      guard (1...1024).contains(inputChannels) else {
        throw ModelError("inputChannels", "\(inputChannels)", "give 1 (grey), 3 (RGB) or what the images have")
      }
    }
  }
}

/// A model that cannot be built, or a state that does not fit it.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The field or tensor concerned.
  public let field: String
  public let value: String
  public let remedy: String

  public init(_ field: String, _ value: String, _ remedy: String) {
    self.field = field
    self.value = value
    self.remedy = remedy
  }

  /// `width: 0; give 1 to 4096 channels`
  public var description: String { "\(field): \(value); \(remedy)" }
}
