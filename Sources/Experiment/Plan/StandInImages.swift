import DataPipeline
import Foundation
import Kernels
import RecipeLanguage

/// Grey pictures in the place of a data set that is not on this machine: as many, of as many classes, as the set is
/// published with, so that everything about a run but the pictures themselves can be planned.
struct StandInImages: ImageSource {
  let origin: String
  let channels: Int
  let classNames: [String]
  let labels: [Int]?
  let count: Int
  private let side: Int

  init(_ origin: String, count: Int, classes: Int, side: Int, channels: Int) {
    self.origin = origin
    self.count = count
    self.channels = channels
    self.side = side
    classNames = (0..<classes).map(String.init)
    labels = classes > 0 ? (0..<count).map { $0 % classes } : nil
  }

  func image(at index: Int) throws -> Image {
    Image(
      height: side, width: side, channels: channels,
      pixels: [UInt8](repeating: UInt8(truncatingIfNeeded: 64 + index % 128), count: side * side * channels))
  }
}

extension SelectedImages {
  /// What a constructor of sources would read. Folders and IDX files say nothing of their size: 10,000 pictures are
  /// assumed, in ten classes where there are classes.
  init(standingInFor source: RecordValue, missing path: String) {
    func images(_ count: Int, _ classes: Int, _ side: Int, _ channels: Int) -> StandInImages {
      StandInImages(path, count: count, classes: classes, side: side, channels: channels)
    }
    let (training, test): (StandInImages, StandInImages?) =
      switch source.type {
      case "cifar10": (images(50_000, 10, 32, 3), images(10_000, 10, 32, 3))
      case "cifar100": (images(50_000, 100, 32, 3), images(10_000, 100, 32, 3))
      case "mnist": (images(60_000, 10, 28, 1), images(10_000, 10, 28, 1))
      case "idx":
        (
          images(10_000, source.isNone("labels") ? 0 : 10, 28, 1),
          source.isNone("test_images") ? nil : images(2_000, source.isNone("test_labels") ? 0 : 10, 28, 1)
        )
      default:
        {
          let classes = source.member("labels") == "subfolders" ? 10 : 0
          return (images(10_000, classes, 256, 3), source.isNone("test") ? nil : images(2_000, classes, 256, 3))
        }()
      }
    self.init(
      pool: training, training: training, test: test,
      normalization: training.channels == 1 ? .greyPhotographs : .imageNet)
    standInFor = path
  }
}
