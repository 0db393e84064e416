/// Which of the two CIFAR sets, in its binary version, and how its files are laid out. Source: Krizhevsky,
/// https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
public enum CIFARKind: String, CaseIterable, Hashable, Sendable {
  case cifar10
  /// With its 100 fine classes.
  case cifar100

  public var classCount: Int { self == .cifar10 ? 10 : 100 }

  /// Bytes of labels before a picture: CIFAR-100 has a coarse label before the fine one.
  var labelBytes: Int { self == .cifar10 ? 1 : 2 }
  /// Bytes of one record: the labels and a plane of 32 × 32 for red, green and blue.
  var recordBytes: Int { labelBytes + 3072 }
  var title: String { self == .cifar10 ? "CIFAR-10" : "CIFAR-100" }
  var other: CIFARKind { self == .cifar10 ? .cifar100 : .cifar10 }

  /// The files of a split, in order.
  func files(_ split: DataSplit) -> [String] {
    switch (self, split) {
    case (.cifar10, .train): (1...5).map { "data_batch_\($0).bin" }
    case (.cifar10, .test): ["test_batch.bin"]
    case (.cifar100, .train): ["train.bin"]
    case (.cifar100, .test): ["test.bin"]
    }
  }
  /// Whether a file beside the set's own is one of records, by name and size.
  func isFurther(_ name: String, size: Int) -> Bool {
    !allFiles.contains(name) && name.hasSuffix(".bin") && !name.hasPrefix(".") && size > 0 && size.isMultiple(of: recordBytes)
  }

  /// The file of the classes' names, one a line.
  var namesFile: String { self == .cifar10 ? "batches.meta.txt" : "fine_label_names.txt" }
  /// The folder inside the archive.
  var folderName: String { self == .cifar10 ? "cifar-10-batches-bin" : "cifar-100-binary" }
  /// The archive as it is published.
  var archiveName: String { self == .cifar10 ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz" }
}
