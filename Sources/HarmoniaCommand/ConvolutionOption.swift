import ArgumentParser
import Experiment

struct ConvolutionOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Force this algorithm on convolutions whose geometry allows it; elsewhere the plan chooses.",
      discussion: "For recipes it is `--set model.convolution=.ALGORITHM`, and part of their identity.",
      valueName: "algorithm"))
  var convolution: ConvolutionAlgorithm?
}

extension ConvolutionAlgorithm: ExpressibleByArgument {}
