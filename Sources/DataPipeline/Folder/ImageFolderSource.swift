import Foundation
import Kernels
import Synchronization

/// The PNG and JPEG files of a folder and the folders below it, in order of their paths.
///
/// Every file is looked at when the source is made, so that broken ones are known before training begins, and so
/// that the pictures and their numbers do not depend on when a file is first used.
public struct ImageFolderSource: ImageSource {
  public struct Options: Hashable, Sendable {
    /// What the folders directly below the folder mean.
    public enum Labels: Hashable, Sendable {
      case none
      /// Each is a class, in order of names.
      case subfolders
    }
    /// What to do with a file that cannot be decoded.
    public enum Broken: Hashable, Sendable {
      /// Throw an error that names it.
      case stop
      /// Leave it out; ``ImageFolderSource/skipped`` tells which and why.
      case skip
    }
    /// How files are looked at when the source is made.
    public enum Check: Hashable, Sendable {
      /// Decoded; what fits is kept in memory.
      case decode
      /// Format and size only: quicker for very many files. Damage further on is an error when the picture is used.
      case header
    }

    public var labels = Labels.none
    public var broken = Broken.stop
    public var check = Check.decode
    /// How files become pictures. By default photos are shrunk to a shorter side of 512 pixels.
    public var decoder: ImageDecoder
    /// Bytes of decoded pictures kept in memory.
    public var cacheBytes = 1 << 30
    /// With ``Labels/subfolders``: the classes there may be, such as those of a training folder for a test folder.
    public var classNames: [String]?

    public init() {
      decoder = ImageDecoder()
      decoder.shorterSide = 512
    }
  }

  public let origin: String
  public let labels: [Int]?
  public let classNames: [String]
  /// The broken files that were left out, in order of paths, each with the reason.
  public let skipped: [DataError]
  /// Files of other kinds, by extension (without the dot, small letters): how many.
  public let otherFiles: [String: Int]
  private let files: [(url: URL, key: Int)]
  private let decoder: ImageDecoder
  private let cache: ImageCache

  /// - Parameter progress: told the number of files looked at and of all, from several threads.
  /// - Throws: ``DataError``: no folder, no pictures in it, a broken file (unless skipped), or, with classes, a
  ///   picture outside the class folders or of a class that may not be.
  public init(
    _ folder: URL, _ options: Options = Options(), progress: (@Sendable (_ done: Int, _ of: Int) -> Void)? = nil
  ) throws {
    let listing = try FolderListing(folder)
    guard !listing.files.isEmpty else {
      let others = listing.others.isEmpty ? "no files" : "only " + Self.describe(listing.others)
      throw DataError(folder.path, "has no PNG or JPEG pictures: \(others)")
    }
    let classes = options.labels == .subfolders ? try Self.classes(folder, listing, options.classNames) : nil
    let cache = ImageCache(limit: options.cacheBytes)
    let problems = Self.check(listing.files.map(\.url), options, cache, progress)
    if options.broken == .stop, let first = problems.compactMap({ $0 }).first {
      let more = problems.count { $0 != nil } - 1
      throw DataError(
        first.path, first.problem + (more > 0 ? " (and \(more) more are broken)" : ""),
        remedy: first.remedy.isEmpty ? "repair or remove it, or have broken images skipped" : first.remedy)
    }
    let good = problems.indices.filter { problems[$0] == nil }
    guard !good.isEmpty else {
      throw DataError(folder.path, "all \(problems.count) pictures are broken; the first: \(problems[0]!)")
    }
    origin = folder.path
    skipped = problems.compactMap { $0 }
    otherFiles = listing.others
    files = good.map { (listing.files[$0].url, $0) }
    labels = classes.map { classes in good.map { classes.labels[$0] } }
    classNames = classes?.names ?? []
    decoder = options.decoder
    self.cache = cache
  }

  public var count: Int { files.count }
  public var channels: Int { decoder.channels }

  public func image(at index: Int) throws -> Image {
    let file = files[index]
    if let image = cache[file.key] { return image }
    let image = try decoder.decode(file.url)
    cache.insert(image, at: file.key)
    return image
  }

  /// The file of a picture.
  public func url(at index: Int) -> URL { files[index].url }

  /// Bytes of decoded pictures in memory now.
  public var cachedBytes: Int { cache.bytes }

  /// `3 .heic, 1 .txt`
  static func describe(_ others: [String: Int]) -> String {
    others.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) " + ($0.key.isEmpty ? "without extension" : ".\($0.key)") }.joined(separator: ", ")
  }
}

extension ImageFolderSource {
  private static func classes(
    _ folder: URL, _ listing: FolderListing, _ allowed: [String]?
  ) throws -> (labels: [Int], names: [String]) {
    if let stray = listing.files.first(where: { $0.topFolder == nil }) {
      throw DataError(
        stray.url.path, "stands in no class folder",
        remedy: "move it into one of the folders of \(folder.lastPathComponent), or use no labels")
    }
    let names = allowed ?? Set(listing.files.map { $0.topFolder! }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let labels = try listing.files.map { file in
      guard let label = numbers[file.topFolder!] else {
        throw DataError(
          file.url.path, "is of class \(file.topFolder!), which is none of the \(names.count) classes",
          remedy: "training and test folders need folders of the same names")
      }
      return label
    }
    return (labels, names)
  }

  /// What is wrong with each file, nil for the good ones. Spread over the threads; the answer does not depend on them.
  private static func check(
    _ files: [URL], _ options: Options, _ cache: ImageCache, _ progress: (@Sendable (Int, Int) -> Void)?
  ) -> [DataError?] {
    let problems = Mutex([DataError?](repeating: nil, count: files.count))
    let done = Atomic(0)
    let group = 16
    Threads.run(parts: (files.count + group - 1) / group) { part in
      for index in part * group..<min((part + 1) * group, files.count) {
        do {
          switch options.check {
          case .decode: cache.insert(try options.decoder.decode(files[index]), at: index)
          case .header: try options.decoder.check(files[index])
          }
        } catch {
          let problem = error as? DataError ?? DataError(files[index].path, "cannot be read: \(error)")
          problems.withLock { $0[index] = problem }
        }
        progress?(done.add(1, ordering: .relaxed).newValue, files.count)
      }
    }
    return problems.withLock { $0 }
  }
}
