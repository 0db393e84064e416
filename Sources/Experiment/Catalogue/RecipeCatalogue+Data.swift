import RecipeLanguage

extension RecipeCatalogue {
  static func addDataWords(to catalogue: inout Catalogue) {
    for definition in dataEnums { catalogue.add(definition) }
    catalogue.add(KindDefinition("Source", doc: "Where images come from: a training split and, mostly, a test split."))
    catalogue.add(KindDefinition("Data", doc: "What training reads: batches of pairs of views."))
    catalogue.add(KindDefinition("Augment", doc: "How a view is made from an image."))
    for definition in sources + selections + [blobs, twoViews, simclrViews, noise] { catalogue.add(definition) }
  }

  private static let dataEnums = [
    EnumDefinition(
      "Profile", doc: "How class sizes fall from the largest to the smallest.",
      members: [
        .init("exponential", aliases: ["exp"], doc: "By a constant factor from class to class."),
        .init("step", doc: "The first half of the classes whole, the second half at the smallest size."),
      ]),
    EnumDefinition(
      "FolderLabels", doc: "What the folders below an image folder mean.",
      members: [
        .init("none", doc: "Nothing: the images have no labels."),
        .init("subfolders", aliases: ["folders", "classes"], doc: "Each is a class, in order of names."),
      ]),
    EnumDefinition(
      "BrokenImages", doc: "What to do with an image that cannot be decoded.",
      members: [
        .init("stop", aliases: ["fail", "error"], doc: "Stop and name it."),
        .init("skip", aliases: ["ignore"], doc: "Leave it out and count it."),
      ]),
    EnumDefinition(
      "LastBatch", doc: "What to do with the last, smaller batch of an epoch.",
      members: [.init("keep", doc: "Train on it."), .init("drop", aliases: ["skip"], doc: "Leave it out.")]),
    EnumDefinition(
      "Interpolation", doc: "How a crop is resized.",
      members: [.init("bilinear"), .init("bicubic", aliases: ["cubic"])]),
  ]

  private static func notEmpty(_ value: Value) -> String? {
    value.stringValue?.isEmpty == true ? "must not be empty" : nil
  }

  private static func path(_ name: String, _ doc: String, default defaultValue: FieldDefault = .required)
    -> FieldDefinition
  {
    FieldDefinition(
      name, .string, default: defaultValue, positional: true, doc: doc + " Relative to the recipe file.",
      constraint: notEmpty)
  }

  private static func optionalPath(_ name: String, _ doc: String) -> FieldDefinition {
    FieldDefinition(name, .optional(.string), doc: doc + " Relative to the recipe file.", constraint: notEmpty)
  }

  private static let sources = [
    RecordDefinition(
      "cifar10", kind: "Source", doc: "CIFAR-10, binary version: 50,000 training and 10,000 test images, 32×32.",
      fields: [path("path", "The folder, or the .tar.gz as it was downloaded (read in place).")]),
    RecordDefinition(
      "cifar100", kind: "Source", doc: "CIFAR-100, binary version, with its 100 fine classes.",
      fields: [path("path", "The folder, or the .tar.gz as it was downloaded (read in place).")]),
    RecordDefinition(
      "mnist", kind: "Source",
      doc: "MNIST, Fashion-MNIST, KMNIST: four IDX files in one folder (`train-images-idx3-ubyte`, …), .gz or plain.",
      fields: [path("path", "The folder.")]),
    RecordDefinition(
      "idx", kind: "Source", doc: "Images and labels in IDX files, .gz or plain.",
      fields: [
        path("images", "Training images (idx3)."), optionalPath("labels", "Their labels (idx1)."),
        optionalPath("test_images", "Test images."), optionalPath("test_labels", "Their labels."),
      ]),
    RecordDefinition(
      "folder", kind: "Source", doc: "A folder of PNG and JPEG files, sub-folders included; what else lies there is counted.",
      fields: [
        path("path", "The folder."),
        FieldDefinition(
          "labels", .enumeration("FolderLabels"), default: .source(".none"), doc: "Whether sub-folders are classes."),
        FieldDefinition(
          "broken", .enumeration("BrokenImages"), default: .source(".stop"), doc: "What to do with broken files."),
        FieldDefinition(
          "max_pixels", .int, default: 100_000_000, range: .atLeast(1),
          doc: "A picture with more pixels counts as broken, before memory is taken for it."),
        optionalPath("test", "A folder of test images with the same classes."),
      ]),
  ]

  private static let blobs = RecordDefinition(
    "blobs", kind: "Source",
    doc: "Points in the plane in place of pictures: a Gaussian cloud a class, centres evenly on a circle. For `perceptron`.",
    fields: [
      FieldDefinition("classes", .int, default: 4, range: .between(2, 1000), doc: "Clouds."),
      FieldDefinition(
        "radius", .float, default: .value(.float(2)), range: .between(0, 1000), doc: "Distance of centres from the origin."),
      FieldDefinition(
        "deviation", .float, default: .value(.float(0.35)), range: .between(0, 1000), aliases: ["std", "sigma"],
        doc: "Standard deviation of each coordinate in a cloud."),
      FieldDefinition("per_class", .int, default: 1000, range: .between(1, 100_000), doc: "Training points of a class."),
      FieldDefinition("test_per_class", .int, default: 1000, range: .between(1, 100_000), doc: "Test points of a class."),
      FieldDefinition("seed", .int, default: 0, range: .atLeast(0), doc: "Seeds the points."),
    ])

  private static let selections = [
    RecordDefinition(
      "long_tail", kind: "Source", form: .method,
      doc: "Keeps fewer images of each class than of the one before. The draw is that of the published splits.",
      fields: [
        FieldDefinition("source", .record("Source"), doc: "What is selected from; needs labels."),
        FieldDefinition(
          "imbalance", .float, range: .atLeast(1), aliases: ["imb_factor", "ratio", "imbalance_ratio"],
          doc:
            "Size of the largest class over that of the smallest, of classes equal before; 1 keeps all images. (The factor of "
            + "other codes is 1/this.)"
        ),
        FieldDefinition(
          "profile", .enumeration("Profile"), default: .source(".exponential"), aliases: ["type", "imb_type"],
          doc: "How sizes fall."),
        FieldDefinition("seed", .int, default: 0, range: .between(0, 4_294_967_295), doc: "Seeds the draw."),
        FieldDefinition(
          "order", .optional(.list(.int)), range: .atLeast(0), aliases: ["class_order", "permutation"],
          doc: "Classes from the largest to the smallest; label order if left out."),
      ]),
    RecordDefinition(
      "limit", kind: "Source", form: .method, doc: "Keeps the first images of every class.",
      fields: [
        FieldDefinition("source", .record("Source"), doc: "What is selected from; needs labels."),
        FieldDefinition(
          "per_class", .optional(.int), range: .atLeast(1), doc: "Training images kept a class; all if left out."),
        FieldDefinition(
          "test_per_class", .optional(.int), range: .atLeast(1), doc: "Test images kept a class; all if left out."),
      ]),
  ]

  private static let twoViews = RecordDefinition(
    "two_views", kind: "Data", doc: "Two random views of every image, in batches, in a new order each epoch.",
    fields: [
      FieldDefinition("source", .record("Source"), aliases: ["data", "dataset"], doc: "The images."),
      FieldDefinition(
        "augment", .record("Augment"), aliases: ["augmentation", "transform", "views"], doc: "How views are made."),
      FieldDefinition(
        "batch", .int, default: 256, range: .atLeast(2), aliases: ["batch_size", "bs"],
        doc: "Images a step. The loss compares the images of a batch, so it needs two at least."),
      FieldDefinition(
        "last", .enumeration("LastBatch"), default: .source(".keep"), aliases: ["drop_last"],
        doc: "Whether the last, smaller batch of an epoch is used (one of a single image never is)."),
    ])

  private static let noise = RecordDefinition(
    "noise", kind: "Augment", form: .member, doc: "Views of points: Gaussian noise on every coordinate.",
    fields: [
      FieldDefinition(
        "deviation", .float, range: .between(0, 1000), aliases: ["std", "sigma"], doc: "Its standard deviation.")
    ])

  private static let probability = ValueRange.between(0, 1)
  private static let simclrViews = RecordDefinition(
    "simclr", kind: "Augment", form: .member,
    doc: "SimCLR's views: random crop resized, flip, colour jitter, grey, blur, then normalisation.",
    fields: [
      FieldDefinition(
        "size", .int, range: .between(8, 1024), positional: true, aliases: ["crop", "resolution"], unit: "pixels",
        doc: "Height and width of a view."),
      FieldDefinition(
        "min_area", .float, default: .value(.float(0.1)), range: .above(0, to: 1), aliases: ["scale", "min_scale"],
        doc: "Least share of the image's area in a crop; the greatest is 1."),
      FieldDefinition(
        "interpolation", .enumeration("Interpolation"), default: .source(".bilinear"), doc: "How crops are resized."),
      FieldDefinition(
        "flip", .float, default: .value(.float(0.5)), range: probability, doc: "Probability of a mirror image."),
      FieldDefinition(
        "jitter", .float, default: .value(.float(0.8)), range: probability, doc: "Probability of colour jitter."),
      FieldDefinition(
        "strength", .float, default: .value(.float(1)), range: .between(0, 2), aliases: ["s"],
        doc: "Scales the jitter of brightness 0.4, contrast 0.4, saturation 0.4 and hue 0.1."),
      FieldDefinition(
        "grey", .float, default: .value(.float(0.2)), range: probability, aliases: ["gray", "grayscale", "greyscale"],
        doc: "Probability of losing colour."),
      FieldDefinition(
        "blur", .float, default: .value(.float(0)), range: probability, aliases: ["gaussian_blur"],
        doc: "Probability of a Gaussian blur of sigma 0.1…2; for images of 96 pixels and more 0.5 is usual."),
    ])
}
