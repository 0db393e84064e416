import DataPipeline
import Foundation

/// Images at a place on disk, whatever form they have there.
struct FoundImages {
  let source: any ImageSource
  /// Names of the files in the images' order, where each is a file.
  var names: [String]?
  /// Which part of a data set this is; nil for images that are not divided.
  var split: DataSplit?
  /// That of the source, and pictures in the folder of a data set, which are none of its own.
  private(set) var leftOut: LeftOut

  /// Looks for CIFAR (archive, folder or file), the four IDX files of MNIST, one IDX file, a folder of pictures.
  ///
  /// - Parameter split: what was asked for; training where nothing was and there are splits.
  /// Throws `DataError`.
  init(_ url: URL, split: DataSplit?, skipBroken: Bool, maximumPixels: Int? = nil) throws {
    let place = try DataPlace(url)
    let wanted = split ?? .train
    switch place {
    case .cifar(let kind): source = try CIFARSource(url, kind: kind, split: wanted)
    case .mnist: source = try MNISTFolder(url).source(wanted)
    case .cifarFile(let kind):
      try Self.requireNoSplit(split, url, "a single file")
      source = try CIFARSource(url, kind: kind, split: .train)
    case .idx:
      try Self.requireNoSplit(split, url, "a single file")
      source = try IDXSource(images: url)
    case .folder:
      try Self.requireNoSplit(split, url, "a folder of pictures")
      var options = ImageFolderSource.Options()
      options.broken = skipBroken ? .skip : .stop
      if let maximumPixels { options.decoder.maximumPixels = maximumPixels }
      let folder = try ImageFolderSource(url, options)
      names = (0..<folder.count).map { folder.file(at: $0).relative.description }
      source = folder
    }
    leftOut = source.leftOut
    guard place.hasSplits else { return }
    self.split = wanted
    leftOut.add(try LeftOut(picturesIn: url))
  }

  private static func requireNoSplit(_ split: DataSplit?, _ url: URL, _ what: String) throws {
    guard let split else { return }
    throw DataError(
      url.relativePath, "is \(what), which has no \(split == .test ? "test" : "training") part",
      remedy: "leave --split out, and name what is to be embedded itself")
  }
}
