import Kernels
import NeuralNet

/// The choice as metadata of a checkpoint: `precision`, and `convolution` where an algorithm is forced.
extension ConvolutionChoice {
  /// A word that is none of this version's.
  struct UnknownWord: Error {
    let key: String
    let word: String
  }

  var metadata: [String: String] {
    var result = ["precision": precision.rawValue]
    result["convolution"] = algorithm?.rawValue
    return result
  }

  /// What metadata does not say is the default, with which older files were written.
  init(_ metadata: [String: String]) throws(UnknownWord) {
    self.init()
    if let word = metadata["precision"] {
      guard let precision = Convolution.Precision(rawValue: word) else {
        throw UnknownWord(key: "precision", word: word)
      }
      self.precision = precision
    }
    if let word = metadata["convolution"] {
      guard let algorithm = Convolution.Algorithm(rawValue: word) else {
        throw UnknownWord(key: "convolution", word: word)
      }
      self.algorithm = algorithm
    }
  }

  /// What is not the same in `other`: `precision fast, this one has exact`; nil for equal choices.
  func difference(to other: ConvolutionChoice) -> String? {
    guard precision == other.precision else {
      return "precision \(precision.rawValue), this one has \(other.precision.rawValue)"
    }
    guard algorithm == other.algorithm else {
      let words = [self, other].map { $0.algorithm?.rawValue ?? "none" }
      return "convolution \(words[0]), this one has \(words[1])"
    }
    return nil
  }
}
