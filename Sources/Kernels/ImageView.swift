import CKernels

/// What is done to a picture to make one view of it, in the order of the fields. All chance is in the choice of
/// these values; see `Augmentation` for who chooses.
public struct ImageView: Hashable, Sendable {
  public enum Adjustment: Hashable, Sendable {
    case brightness(Float)
    case contrast(Float)
    case saturation(Float)
    /// In turns, −1/2…1/2.
    case hue(Double)
  }

  public var box: Image.Box
  public var flip = false
  /// Up to four, in the order of doing.
  public var adjustments: [Adjustment] = []
  public var grey = false
  /// Standard deviation in pixels of the view; 0 for none.
  public var blur: Float = 0
  /// Done last, in their order.
  public var operations: [Image.Operation] = []

  public init(_ box: Image.Box) { self.box = box }
}

/// Draws views: size of the output, interpolation and normalisation, fixed once; one call a view.
public struct ViewRenderer: Sendable {
  /// Height and width of a view.
  public let size: Int
  public let interpolation: Image.Interpolation
  /// 1 or 3.
  public let channels: Int
  private let table: [Float]

  /// A byte v of channel c becomes (v / 255 − mean[c]) / deviation[c].
  ///
  /// Programmer error: a size below 1, or statistics of other than one or three channels, trap.
  public init(size: Int, interpolation: Image.Interpolation, mean: [Float], deviation: [Float]) {
    precondition(size > 0, "views of \(size) pixels")
    precondition(
      mean.count == deviation.count && (mean.count == 1 || mean.count == 3),
      "\(mean.count) means and \(deviation.count) deviations for the channels")
    self.size = size
    self.interpolation = interpolation
    self.channels = mean.count
    table = zip(mean, deviation).flatMap { mean, deviation in
      (0..<256).map { (Float($0) / 255 - mean) / deviation }
    }
  }

  /// Draws a view into position `index` of a tensor N×size×size×channels.
  /// - Throws: ``KernelError`` if the picture has other channels or the box of the view is not inside.
  public func draw(_ view: ImageView, of image: Image, into target: UnsafeMutableBufferPointer<Float>) throws {
    guard image.channels == channels else {
      throw KernelError(
        "view", .badShape, "the picture has \(image.channels) channels, mean and deviation are for \(channels)")
    }
    try image.require(view.box, in: "view")
    precondition(target.count >= size * size * channels, "no room for a view of \(size)×\(size)×\(channels)")
    let call = KernelAccount.begin("view", "\(image.height)×\(image.width)→\(size)×\(size)")
    defer { call?.end() }
    var plan = ck_view()
    plan.box = ck_box(view.box)
    plan.flip = view.flip ? 1 : 0
    plan.grey = view.grey ? 1 : 0
    plan.blur = view.blur
    plan.set(view.adjustments)
    let bytes = ck_view_workspace(
      view.box.height, view.box.width, Int32(channels), size, interpolation.filter, view.blur,
      view.operations.isEmpty ? 0 : 1)
    try withWorkspace(bytes: bytes) { workspace in
      try view.operations.map(\.code).withUnsafeBufferPointer { operations in
        (plan.operation_count, plan.operations) = (Int32(operations.count), operations.baseAddress)
        try KernelError.check(
          ck_view_render(
            target.baseAddress!, image.pixels, image.height, image.width, Int32(channels), &plan, size,
            interpolation.filter, table, workspace),
          "view", "the picture \(image.height)×\(image.width)")
      }
    }
  }

  /// One view as a tensor size×size×channels.
  /// - Throws: as ``draw(_:of:into:)``.
  public func callAsFunction(_ view: ImageView, of image: Image) throws -> Tensor {
    var result = Tensor(uninitialized: [size, size, channels])
    try result.withUnsafeMutableBufferPointer { try draw(view, of: image, into: $0) }
    return result
  }
}

extension ck_view {
  fileprivate mutating func set(_ list: [ImageView.Adjustment]) {
    precondition(list.count <= 4, "\(list.count) adjustments, a view can have four")
    withUnsafeMutablePointer(to: &adjustments) {
      $0.withMemoryRebound(to: Int32.self, capacity: 4) { kinds in
        withUnsafeMutablePointer(to: &amounts) {
          $0.withMemoryRebound(to: Double.self, capacity: 4) { values in
            for (i, adjustment) in list.enumerated() { (kinds[i], values[i]) = adjustment.code }
          }
        }
      }
    }
  }
}

extension ImageView.Adjustment {
  fileprivate var code: (Int32, Double) {
    switch self {
    case .brightness(let factor): (Int32(CK_BRIGHTNESS.rawValue), Double(factor))
    case .contrast(let factor): (Int32(CK_CONTRAST.rawValue), Double(factor))
    case .saturation(let factor): (Int32(CK_SATURATION.rawValue), Double(factor))
    case .hue(let turns): (Int32(CK_HUE.rawValue), turns)
    }
  }
}
