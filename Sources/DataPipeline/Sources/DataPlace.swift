import Foundation

/// What lies at a place on disk, as its files' names and contents say.
public enum DataPlace: Hashable, Sendable {
  /// A folder or an archive of CIFAR.
  case cifar(CIFARKind)
  /// One of its files alone.
  case cifarFile(CIFARKind)
  /// A folder with files of MNIST under their published names.
  case mnist
  /// A file of images in the IDX format.
  case idx
  /// Any other folder.
  case folder

  /// Whether training and test images are told apart.
  public var hasSplits: Bool {
    switch self {
    case .cifar, .mnist: true
    case .cifarFile, .idx, .folder: false
    }
  }

  /// Throws ``DataError`` for what is missing or holds no images of a known form.
  public init(_ url: URL) throws {
    var status = stat()
    guard BytePath(url).withCPath({ stat($0, &status) }) == 0 else {
      throw DataError(url.relativePath, errno == ENOENT ? "no such file or folder" : String(cString: strerror(errno)))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      if let kind = CIFARKind(foundIn: url) {
        self = .cifar(kind)
      } else {
        self = MNISTFolder.isFound(in: url) ? .mnist : .folder
      }
    case S_IFREG: try self.init(file: url)
    default: throw DataError(url.relativePath, "is neither a file nor a folder")
    }
  }

  private init(file: URL) throws {
    let name = file.lastPathComponent.lowercased()
    let head = try OpenFile(BytePath(file)).head(PictureFormat.headBytes)
    let isPacked = head.starts(with: [0x1f, 0x8b])
    let named: CIFARKind? = name.contains("cifar-100") ? .cifar100 : name.contains("cifar-10") ? .cifar10 : nil
    if let kind = named {
      self = name.hasSuffix(".bin") || name.hasSuffix(".bin.gz") ? .cifarFile(kind) : .cifar(kind)
    } else if let kind = CIFARKind.allCases.first(where: { $0.isPart(file) }) {
      self = .cifarFile(kind)
    } else if (isPacked ? try Archive.contents(of: file) : head).starts(with: [0, 0, 8, 3]) {
      self = .idx
    } else {
      let isPicture = PictureFormat(head: head) != nil
      throw DataError(
        file.relativePath, isPicture ? "is a single picture" : "is no known form of images",
        remedy: isPicture
          ? "give the folder that holds it"
          : "known: a folder of PNG and JPEG files, cifar-10 or cifar-100 archives and folders, IDX files")
    }
  }
}

extension CIFARKind {
  /// The set that a folder holds, itself or in the folder that its archive unpacks to, or as that archive; nil for none.
  /// A file of the right name counts if it holds whole records.
  init?(foundIn folder: URL) {
    let found = Self.allCases.first { kind in
      let homes = [folder, folder.appending(path: kind.folderName)]
      return (try? OpenFile(BytePath(folder.appending(path: kind.archiveName))).head(2)) == [0x1f, 0x8b]
        || homes.contains { home in kind.allFiles.contains { kind.isPart(home.appending(path: $0)) } }
    }
    guard let found else { return nil }
    self = found
  }

  var allFiles: [String] { files(.train) + files(.test) }

  /// Whether a file has the name of one of the set's, packed or not, and the length of whole records.
  func isPart(_ file: URL) -> Bool {
    let name = file.lastPathComponent
    let isNamed = allFiles.contains { name == $0 || name == $0 + ".gz" }
    guard isNamed, let opened = try? OpenFile(BytePath(file)) else {
      return false
    }
    if (try? opened.head(2)) == [0x1f, 0x8b] { return true }
    return opened.size > 0 && opened.size.isMultiple(of: recordBytes)
  }
}
