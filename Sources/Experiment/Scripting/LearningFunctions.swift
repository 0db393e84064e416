import Kernels
import RecipeLanguage

/// The kernels that learning is made of, for scripts.
extension RecipeCatalogue {
  static let learning: [FunctionDefinition] = [
    kernel(
      "conv2d", "Cross-correlation of images N C H W with weights K C R S.",
      [
        operand("images"), operand("weights"), FieldDefinition("stride", .int, default: 1, range: .atLeast(1)),
        FieldDefinition("padding", .int, default: 0, range: .atLeast(0)),
      ]
    ) { arguments in
      let (images, weights) = (arguments.tensor("images"), arguments.tensor("weights"))
      for (name, tensor) in [("images", images), ("weights", weights)] where tensor.shape.rank != 4 {
        throw CallError("takes four axes, not \(tensor.shape)", argument: name)
      }
      let (x, w) = (images.toNHWC(), weights.toKRSC())
      let plan = try Convolution(
        input: x.shape, outputChannels: w.shape[0], kernel: (w.shape[1], w.shape[2]),
        stride: arguments.int("stride"), padding: arguments.int("padding"))
      return TensorValues.value(try plan.forward(x, w).toNCHW())
    }
  ]
}
