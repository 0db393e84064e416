import Foundation

/// A folder with the four files of MNIST, Fashion-MNIST or KMNIST under the names they are published with:
/// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`, each
/// .gz or plain. (Names with `.idx` in place of `-idx` are found as well.)
public struct MNISTFolder: Hashable, Sendable {
  public let folder: URL
  /// Ten names.
  public let classNames: [String]

  /// The classes of Fashion-MNIST, by label. Source: Xiao, Rasul, Vollgraf (2017), its README's table of labels.
  public static let fashionNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  /// - Parameter classNames: names of the ten classes. If left out they are Fashion-MNIST's where the folder's own
  ///   name contains "fashion", else the digits.
  public init(_ folder: URL, classNames: [String]? = nil) throws {
    self.folder = folder
    if let classNames {
      guard classNames.count == 10 else {
        throw DataError(folder.relativePath, "\(classNames.count) class names for the 10 classes")
      }
      self.classNames = classNames
    } else {
      let isFashion = folder.lastPathComponent.lowercased().contains("fashion")
      self.classNames = isFashion ? Self.fashionNames : (0..<10).map(String.init)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
      throw DataError(folder.relativePath, "no such folder", remedy: "Fashion-MNIST: apt install dataset-fashion-mnist")
    }
    guard isFolder.boolValue else {
      throw DataError(folder.relativePath, "is a file; the folder of the four IDX files is wanted")
    }
  }

  /// Reads one split.
  public func source(_ split: DataSplit) throws -> IDXSource {
    let prefix = split == .train ? "train" : "t10k"
    let (images, labels) = (try files("\(prefix)-images", "idx3-ubyte"), try files("\(prefix)-labels", "idx1-ubyte"))
    var source = try IDXSource(images: images[0], labels: labels[0], classNames: classNames)
    for second in images.dropFirst() + labels.dropFirst() { source.leftOut.add(.unused, second.lastPathComponent) }
    return source
  }

  /// Whether one of the four files lies in a folder: one of such a name, packed or with the magic number of its kind.
  static func isFound(in folder: URL) -> Bool {
    for split in ["train", "t10k"] {
      for (kind, ending, dimensions) in [("images", "idx3-ubyte", UInt8(3)), ("labels", "idx1-ubyte", 1)] {
        for name in names("\(split)-\(kind)", ending) {
          let head = (try? OpenFile(BytePath(folder.appending(path: name))).head(4)) ?? []
          if head == [0, 0, 8, dimensions] || head.starts(with: [0x1f, 0x8b]) { return true }
        }
      }
    }
    return false
  }

  private static func names(_ name: String, _ kind: String) -> [String] {
    ["\(name)-\(kind)", "\(name)-\(kind).gz", "\(name).\(kind)", "\(name).\(kind).gz"]
  }

  /// At least one: the first is read.
  private func files(_ name: String, _ kind: String) throws -> [URL] {
    let names = Self.names(name, kind)
    let found = names.map { folder.appending(path: $0) }.filter { FileManager.default.fileExists(atPath: $0.path) }
    guard !found.isEmpty else {
      throw DataError(folder.relativePath, "no file \(names[0]) in this folder, nor \(names[1])")
    }
    return found
  }
}
