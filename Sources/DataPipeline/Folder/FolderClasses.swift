import Foundation

/// The classes of a folder of pictures: the folders directly below it.
struct FolderClasses {
  /// Of each picture.
  let labels: [Int]
  let names: [String]

  /// - Parameters:
  ///   - pictures: those that are read, and `all` with the broken ones, which make classes as well.
  ///   - allowed: the classes there may be; those found, in order of names, if nil.
  /// - Throws: ``DataError`` for a picture outside the folders of classes or of a class that may not be, and for two
  ///   folders whose names are alike as text.
  init(_ folder: URL, _ pictures: [FolderListing.File], all: [FolderListing.File], _ allowed: [String]?) throws {
    if let stray = pictures.first(where: { $0.topFolder == nil }) {
      throw DataError(
        stray.path.description, "stands in no class folder",
        remedy: "move it into one of the folders of \(folder.lastPathComponent), or use no labels")
    }
    var folders: [String: [UInt8]] = [:]
    var found: [String] = []
    for name in all.compactMap(\.topFolder) {
      // Text that is composed of other characters and reads the same is equal here.
      let text = BytePath(name).description
      guard let known = folders[text] else {
        folders[text] = name
        found.append(text)
        continue
      }
      guard known == name else {
        throw DataError(
          BytePath(folder).description, "has two folders named \(text), which differ in how the name is encoded",
          remedy: "put their pictures together, or rename one")
      }
    }
    let names = allowed ?? found
    let numbers = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    labels = try pictures.map { picture in
      let name = BytePath(picture.topFolder!).description
      guard let label = numbers[name] else {
        throw DataError(
          picture.path.description, "is of class \(name), which is none of the \(names.count) classes",
          remedy: "training and test folders need folders of the same names")
      }
      return label
    }
    self.names = names
  }
}
