import Foundation
import Kernels
import Synchronization

/// The PNG and JPEG files of a folder and the folders below it, in order of their paths. What a file is, its bytes say
/// and not its name; but one that is called a PNG or JPEG and is none counts as broken.
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
      /// Leave it out; ``ImageFolderSource/leftOut`` tells how many, which and why.
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
  public let leftOut: LeftOut
  private let files: [(file: FolderListing.File, key: Int, digest: UInt64)]
  private let decoder: ImageDecoder
  private let cache: ImageCache

  /// - Parameter progress: told the number of files looked at and of all, from several threads.
  /// - Throws: ``DataError``: no folder, no pictures in it, a broken file (unless skipped), or, with classes, a
  ///   picture outside the class folders or of a class that may not be.
  public init(
    _ folder: URL, _ options: Options = Options(), progress: (@Sendable (_ done: Int, _ of: Int) -> Void)? = nil
  ) throws {
    let listing = try FolderListing(folder)
    let cache = ImageCache(limit: options.cacheBytes)
    let findings = Self.look(at: listing.files, options, cache, progress)
    let broken = findings.compactMap(\.problem)
    if let shortage = broken.first(where: \.isShortage) { throw shortage }
    if options.broken == .stop, let first = broken.first {
      throw DataError(
        first.path, first.problem + (broken.count > 1 ? " (and \(broken.count - 1) more are broken)" : ""),
        remedy: first.remedy.isEmpty ? "repair or remove it, or have broken images skipped" : first.remedy)
    }
    var leftOut = listing.leftOut
    for (file, finding) in zip(listing.files, findings) {
      switch finding {
      case .picture: break
      case .broken(let error): leftOut.add(.broken, "\(file.relative) \(error.problem)")
      case .other(let reason): leftOut.add(reason, file.relative.description)
      }
    }
    let good = findings.indices.filter { findings[$0].isPicture }
    guard !good.isEmpty else {
      guard let first = broken.first else {
        let others = leftOut.isEmpty ? "no files" : leftOut.entries.map(\.description).joined(separator: "; ")
        throw DataError(BytePath(folder).description, "has no PNG or JPEG pictures: \(others)")
      }
      throw DataError(BytePath(folder).description, "all \(broken.count) pictures are broken; the first: \(first)")
    }
    let pictured = findings.indices.filter { findings[$0].isPicture || findings[$0].problem != nil }
    let classes = options.labels == .subfolders
      ? try FolderClasses(folder, good.map { listing.files[$0] }, all: pictured.map { listing.files[$0] }, options.classNames)
      : nil
    if classes != nil {
      let used = Set(pictured.compactMap { listing.files[$0].topFolder })
      for name in listing.topFolders where !used.contains(name) { leftOut.add(.emptyClass, BytePath(name).description) }
    }
    origin = BytePath(folder).description
    self.leftOut = leftOut
    files = good.map { (listing.files[$0], $0, findings[$0].digest) }
    labels = classes?.labels
    classNames = classes?.names ?? []
    decoder = options.decoder
    self.cache = cache
  }

  public var count: Int { files.count }
  public var channels: Int { decoder.channels }

  public func image(at index: Int) throws -> Image {
    let file = files[index]
    if let image = cache[file.key] { return image }
    let (path, limit) = (file.file.path, decoder.maximumBytes)
    let image = try decoder.decode(try OpenFile(path).contents(limit: limit), name: path.description)
    cache.insert(image, at: file.key)
    return image
  }

  public func name(at index: Int) -> String? { files[index].file.relative.description }
  public func digest(at index: Int) -> UInt64 { files[index].digest }

  /// The file of a picture.
  public func file(at index: Int) -> FolderListing.File { files[index].file }

  /// Bytes of decoded pictures in memory now.
  public var cachedBytes: Int { cache.bytes }
}

extension ImageFolderSource {
  /// What came of looking at a file.
  private enum Finding {
    /// With the digest of the file's bytes.
    case picture(UInt64)
    case broken(DataError)
    case other(LeftOut.Reason)

    var isPicture: Bool { if case .picture = self { true } else { false } }
    var digest: UInt64 { if case .picture(let digest) = self { digest } else { 0 } }
    var problem: DataError? { if case .broken(let error) = self { error } else { nil } }
  }

  /// Looks at each file. Spread over the threads; the answer does not depend on them.
  private static func look(
    at files: [FolderListing.File], _ options: Options, _ cache: ImageCache, _ progress: (@Sendable (Int, Int) -> Void)?
  ) -> [Finding] {
    let findings = Mutex([Finding](repeating: .picture(0), count: files.count))
    let done = Atomic(0)
    let group = 16
    Threads.run(parts: (files.count + group - 1) / group) { part in
      for index in part * group..<min((part + 1) * group, files.count) {
        var finding: Finding
        do {
          finding = try look(at: files[index], options) { cache.insert($0, at: index) }
        } catch {
          finding = .broken(error as? DataError ?? DataError(files[index].path.description, "cannot be read: \(error)"))
        }
        findings.withLock { $0[index] = finding }
        progress?(done.add(1, ordering: .relaxed).newValue, files.count)
      }
    }
    return findings.withLock { $0 }
  }

  /// Throws what makes it a broken picture.
  private static func look(
    at file: FolderListing.File, _ options: Options, _ keep: (Image) -> Void
  ) throws -> Finding {
    let name = file.path.description
    if let obstacle = file.obstacle { throw DataError(name, obstacle) }
    let opened = try OpenFile(file.path)
    let byName = PictureFormat(ending: file.path.ending)
    switch (PictureFormat(head: try opened.head(PictureFormat.headBytes)), byName) {
    case (.png, _), (.jpeg, _), (_, .png), (_, .jpeg):
      let bytes = try opened.contents(limit: options.decoder.maximumBytes)
      switch options.check {
      case .decode: keep(try options.decoder.decode(bytes, name: name))
      case .header: try options.decoder.check(bytes, name: name)
      }
      return .picture(ContentDigest.of(bytes))
    case (.other(let format), _), (nil, .other(let format)): return .other(.format(format))
    case (nil, nil): return .other(.noPicture)
    }
  }
}
