/// One way through the network: how batch norms behave and whether gradients are wanted.
public enum Pass {
  /// Batch statistics, which also move the running ones; with a tape, gradients can follow.
  case training(Tape?)
  /// Running statistics, nothing recorded and nothing changed.
  case evaluation

  var tape: Tape? {
    switch self {
    case .training(let tape): tape
    case .evaluation: nil
    }
  }
}
