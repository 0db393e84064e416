/// Which branch of a network is gone through. They share all weights but those of batch norms.
public enum Branch: String, Hashable, Sendable, CaseIterable {
  case dense
  /// Convolution weights times their masks, and batch norms of its own (SDCLR, Jiang et al., ICML 2021).
  case pruned
}

/// One way through the network: how batch norms behave, whether gradients are wanted, and the branch.
public struct Pass {
  enum Norms {
    /// Statistics of the batch, which also move the running ones, as `moves` passes would.
    case batch(moves: Int)
    case running
  }

  let norms: Norms
  let tape: Tape?
  let branch: Branch

  /// Batch statistics, which also move the running ones; with a tape, gradients can follow.
  ///
  /// - Parameter moves: how often running statistics move towards the batch's; 0 leaves them as they are.
  public static func training(_ tape: Tape?, branch: Branch = .dense, moves: Int = 1) -> Pass {
    Pass(norms: .batch(moves: moves), tape: tape, branch: branch)
  }

  /// Running statistics, nothing recorded and nothing changed.
  public static var evaluation: Pass { Pass(norms: .running, tape: nil, branch: .dense) }
}
