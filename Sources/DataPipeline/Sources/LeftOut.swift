import Foundation

/// What lies at the place of a source and is not among its pictures: how many of what, with a few of each by name.
public struct LeftOut: Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// Damaged, cut off, not to be opened, a link to nothing.
    case broken
    /// A picture in a format that is not read, by its usual name.
    case format(String)
    /// Text, lists, anything else.
    case noPicture
    /// Files and folders whose names begin with a dot.
    case hidden
    /// A folder that was entered under another name.
    case repeated
    /// A folder too far down.
    case tooDeep
    /// Pipes, sockets, devices.
    case special
    /// A folder in the place of a class, without a picture.
    case emptyClass
    /// Images beside a data set of fixed names that are none of its own.
    case unused
  }

  public struct Entry: Hashable, Sendable {
    public let reason: Reason
    public fileprivate(set) var count: Int
    /// The first few: paths below the source's folder, with what there is to say of each.
    public fileprivate(set) var examples: [String]

    public init(reason: Reason, count: Int, examples: [String]) {
      self.reason = reason
      self.count = count
      self.examples = examples
    }
  }

  /// In the order of ``Reason``, formats by name.
  public private(set) var entries: [Entry] = []

  /// Of each reason, at the most.
  static let mostExamples = 5

  public init() {}

  public var isEmpty: Bool { entries.isEmpty }

  public func count(_ reason: Reason) -> Int { entries.first { $0.reason == reason }?.count ?? 0 }

  mutating func add(_ reason: Reason, _ example: String) {
    add(Entry(reason: reason, count: 1, examples: [example]))
  }

  /// Joins what there is of the same reason.
  public mutating func add(_ entry: Entry) {
    if let place = entries.firstIndex(where: { $0.reason == entry.reason }) {
      entries[place].count += entry.count
      entries[place].examples += entry.examples.prefix(Self.mostExamples - min(Self.mostExamples, entries[place].examples.count))
    } else {
      entries.insert(entry, at: entries.firstIndex { $0.reason.order > entry.reason.order } ?? entries.count)
    }
  }
}

extension LeftOut {
  /// PNG and JPEG pictures in a folder that is read as something else; none where the place is a file.
  public init(picturesIn folder: URL) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else { return }
    for file in try FolderListing(folder).files {
      let head = try? OpenFile(file.path).head(PictureFormat.headBytes)
      if let format = PictureFormat(head: head ?? []), [.png, .jpeg].contains(format) { add(.unused, file.relative.description) }
    }
  }

  public mutating func add(_ others: LeftOut) { for entry in others.entries { add(entry) } }
}

extension LeftOut.Reason {
  fileprivate var order: String {
    switch self {
    case .broken: "0"
    case .format(let name): "1" + name
    case .noPicture: "2"
    case .hidden: "3"
    case .repeated: "4"
    case .tooDeep: "5"
    case .special: "6"
    case .emptyClass: "7"
    case .unused: "8"
    }
  }

  /// For programs: `broken`, `format WebP`, `no picture`, …
  public var word: String {
    switch self {
    case .broken: "broken"
    case .format(let name): "format \(name)"
    case .noPicture: "no picture"
    case .hidden: "hidden"
    case .repeated: "repeated folder"
    case .tooDeep: "too deep"
    case .special: "special file"
    case .emptyClass: "empty class folder"
    case .unused: "unused"
    }
  }

  /// The reason of a word.
  public init?(word: String) {
    let plain: [LeftOut.Reason] = [.broken, .noPicture, .hidden, .repeated, .tooDeep, .special, .emptyClass, .unused]
    if let reason = plain.first(where: { $0.word == word }) {
      self = reason
    } else if word.hasPrefix("format ") {
      self = .format(String(word.dropFirst(7)))
    } else {
      return nil
    }
  }

  fileprivate func text(_ count: Int) -> String {
    func plural(_ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
    switch self {
    case .broken: return plural("broken image", "broken images")
    case .format(let name): return plural("\(name) picture", "\(name) pictures") + " (PNG and JPEG are read)"
    case .noPicture: return plural("file that is no picture", "files that are no pictures")
    case .hidden: return plural("hidden file or folder", "hidden files or folders")
    case .repeated: return plural("folder met before", "folders met before")
    case .tooDeep: return plural("folder", "folders") + " more than \(FolderListing.deepest) deep"
    case .special: return plural("pipe, socket or device", "pipes, sockets or devices")
    case .emptyClass: return plural("folder without a picture, which is no class", "folders without a picture, which are no classes")
    case .unused:
      let beside = "of images beside the data set, which"
      return plural("file \(beside) is not used", "files \(beside) are not used")
    }
  }
}

extension LeftOut.Entry: CustomStringConvertible {
  /// `3 WebP pictures (PNG and JPEG are read): a/1.webp, a/2.webp, a/3.webp`
  public var description: String {
    reason.text(count) + ": " + examples.joined(separator: ", ") + (count > examples.count ? ", …" : "")
  }
}
