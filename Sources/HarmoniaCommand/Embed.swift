import ArgumentParser
import Experiment

struct Embed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn images into vectors with a trained encoder.",
    discussion: """
      Writes one row an image, in the order of the images: a .npy file, or a .safetensors file that also holds \
      labels and names where there are any.

        harmonia embed runs/quickstart/simclr_gh photos --to photos.npy
        harmonia embed runs/a/simclr/checkpoints/epoch-000200.safetensors cifar-100-binary.tar.gz \\
          --split test --to test.safetensors
      """)

  @Argument(help: "A checkpoint, or a recipe's folder of a run (its last checkpoint).", completion: .file())
  var checkpoint: String

  @Argument(
    help: "Images: a folder of PNG and JPEG files, a CIFAR archive or folder, a folder of IDX files, an IDX file.",
    completion: .file())
  var images: String

  @Option(help: ArgumentHelp("The file to write, .npy or .safetensors.", valueName: "file"), completion: .file())
  var to: String

  @Option(help: "Of a data set with a test split: train or test; train if left out.")
  var split: EmbedCommand.Split?

  @Flag(help: "The projector's output, which the losses see, instead of the representation.")
  var projection = false

  @Flag(help: "Leave out images that cannot be decoded instead of stopping at the first.")
  var skipBroken = false

  @Option(help: "Pictures with more pixels count as broken (100 million unless told otherwise).")
  var maxPixels: Int?

  @OptionGroup var threads: ThreadOption

  func validate() throws {
    if let maxPixels, maxPixels < 1 { throw ValidationError("--max-pixels takes a number from 1 on, not \(maxPixels)") }
  }

  func run() throws {
    try finish(
      EmbedCommand(
        checkpoint: checkpoint, images: images, output: to, split: split, projection: projection,
        skipBroken: skipBroken, maximumPixels: maxPixels, threads: threads.threads
      ).run(.standard))
  }
}

extension EmbedCommand.Split: ExpressibleByArgument {}
