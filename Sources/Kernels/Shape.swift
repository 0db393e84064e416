/// The extents of a tensor, outermost first, as in `[64, 32, 32, 3]` for 64 images of 32×32 RGB.
///
/// Extents are non-negative; a shape with a zero has no elements. An empty list is a scalar's shape.
public struct Shape: Hashable, Sendable {
  public let extents: [Int]

  /// Programmer error: a negative extent or an overflowing product traps.
  public init(_ extents: [Int]) {
    var count = 1
    for extent in extents {
      precondition(extent >= 0, "negative extent in shape \(extents)")
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      precondition(!overflow, "shape \(extents) has more elements than memory can address")
      count = product
    }
    self.extents = extents
    self.count = count
  }

  /// Number of elements: the product of the extents.
  public let count: Int
  public var rank: Int { extents.count }
  public subscript(axis: Int) -> Int { extents[axis] }

  /// The shape as rows × columns, the last axis being the columns.
  public var rowsAndColumns: (rows: Int, columns: Int) {
    let columns = extents.last ?? 1
    return (columns == 0 ? 0 : count / columns, columns)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  public var description: String {
    extents.isEmpty ? "scalar" : extents.map(String.init).joined(separator: "×")
  }
}
