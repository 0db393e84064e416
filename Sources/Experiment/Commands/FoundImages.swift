import DataPipeline
import Foundation

/// Images at a place on disk, whatever form they have there.
struct FoundImages {
  let source: any ImageSource
  /// Names of the files in the images' order, where each is a file.
  var names: [String]?
  /// What the user should know: files left out.
  var remarks: [String] = []

  /// Looks for CIFAR (archive, folder or file), the four IDX files of MNIST, one IDX file, a folder of pictures.
  ///
  /// Throws `DataError`.
  init(_ url: URL, split: EmbedCommand.Split, skipBroken: Bool) throws {
    let split: DataSplit = split == .test ? .test : .train
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder) else {
      throw DataError(url.relativePath, "no such file or folder")
    }
    if isFolder.boolValue {
      let files = Set((try? FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false))) ?? [])
      if let kind = Self.cifar(files) {
        source = try CIFARSource(url, kind: kind, split: split)
      } else if files.contains(where: { $0.hasPrefix("train-images") || $0.hasPrefix("t10k-images") }) {
        source = try MNISTFolder(url).source(split)
      } else {
        var options = ImageFolderSource.Options()
        options.broken = skipBroken ? .skip : .stop
        let folder = try ImageFolderSource(url, options)
        let root = url.standardizedFileURL.path(percentEncoded: false)
        names = (0..<folder.count).map { index in
          let path = folder.url(at: index).standardizedFileURL.path(percentEncoded: false)
          return path.hasPrefix(root) ? String(path.dropFirst(root.count).drop { $0 == "/" }) : path
        }
        remarks = folder.skipped.map { "left out: \($0)" }
        source = folder
      }
      return
    }
    let name = url.lastPathComponent.lowercased()
    if name.contains("cifar-100") {
      source = try CIFARSource(url, kind: .cifar100, split: split)
    } else if name.contains("cifar-10") {
      source = try CIFARSource(url, kind: .cifar10, split: split)
    } else if name.contains("idx3") || name.contains("images") {
      source = try IDXSource(images: url)
    } else {
      throw DataError(
        url.relativePath, "is no known form of images",
        remedy: "known: a folder of PNG and JPEG files, cifar-10 or cifar-100 archives and folders, IDX files")
    }
  }

  private static func cifar(_ files: Set<String>) -> CIFARKind? {
    if files.contains("cifar-100-binary") || files.contains("train.bin") { return .cifar100 }
    if files.contains("cifar-10-batches-bin") || files.contains("data_batch_1.bin") { return .cifar10 }
    return nil
  }
}
