extension ResNet.Configuration {
  /// Weights of the network, without building it: convolutions, and two a channel for each batch norm.
  public var parameterCount: Int { parameterCount(branches: 1) }

  /// Each branch has batch norms of its own.
  func parameterCount(branches: Int) -> Int {
    func layer(_ inputs: Int, _ outputs: Int, _ kernel: Int) -> Int {
      (inputs * kernel * kernel + 2 * branches) * outputs
    }
    var total = layer(inputChannels, width, stem == .imagenet ? 7 : 3)
    var channels = width
    for (stage, count) in blocks.enumerated() {
      let width = width << stage
      let outputs = width * block.expansion
      for number in 0..<count {
        switch block {
        case .basic: total += layer(channels, width, 3) + layer(width, width, 3)
        case .bottleneck: total += layer(channels, width, 1) + layer(width, width, 3) + layer(width, outputs, 1)
        }
        if channels != outputs || (stage > 0 && number == 0) { total += layer(channels, outputs, 1) }
        channels = outputs
      }
    }
    return total
  }
}

extension ContrastiveModel.Configuration {
  /// Weights of encoder and projector, without building them.
  public var parameterCount: Int {
    let features = encoder.features
    let branches = hasPrunedBranch ? 2 : 1
    guard !isDirect else { return encoder.parameterCount(branches: branches) }
    let hidden = hidden ?? features
    return encoder.parameterCount(branches: branches) + (features + 1 + 2 * branches) * hidden
      + (hidden + 2 * branches) * projection
  }
}
