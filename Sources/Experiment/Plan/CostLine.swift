import Foundation
import Kernels

/// Something whose time and memory grow with the images it is done on, in straight lines between what was measured.
struct CostLine: Sendable {
  /// What was measured, from few images to many.
  private let times: [(images: Int, value: Double)]
  private let sizes: [(images: Int, value: Double)]

  func seconds(_ images: Int) -> Double { Self.at(images, times) }
  func bytes(_ images: Int) -> Double { Self.at(images, sizes) }

  /// The same for so many times the work, in so many times the memory.
  func scaled(work: Double, memory: Double) -> CostLine {
    CostLine(times: times.map { ($0.images, $0.value * work) }, sizes: sizes.map { ($0.images, $0.value * memory) })
  }

  private init(times: [(images: Int, value: Double)], sizes: [(images: Int, value: Double)]) {
    self.times = times
    self.sizes = sizes
  }

  /// On the line through the two points around, beyond the last one through the last two.
  private static func at(_ images: Int, _ points: [(images: Int, value: Double)]) -> Double {
    let next = points.firstIndex { $0.images >= images } ?? points.count - 1
    let last = points[next]
    let before = points[max(0, next - 1)]
    let slope = last.images > before.images ? (last.value - before.value) / Double(last.images - before.images) : 0
    // A measurement that was disturbed may fall with more images: then in proportion.
    guard slope > 0 || images == last.images else { return last.value * Double(images) / Double(last.images) }
    return last.value + slope * Double(images - last.images)
  }

  // MARK: Measuring

  /// Doubles the images until the patience is used up or the full number has been done; then, as memory is less regular
  /// than time, once as many as go in that time again.
  ///
  /// - Parameter patience: seconds that it may take, about.
  init(upTo most: Int, patience: Double, _ body: (Int) throws -> Void) throws {
    var times: [(images: Int, value: Double)] = []
    var sizes: [(images: Int, value: Double)] = []
    var images = min(most, 2)
    let began = ContinuousClock.now
    while true {
      trimBuffers()
      let before = Self.pooled
      try body(images)  // plans and first buffers
      var seconds = Double.infinity
      for _ in 0..<2 { seconds = min(seconds, try Self.time { try body(images) }) }
      times.append((images, seconds))
      sizes.append((images, Double(Self.pooled - before)))
      let spent = (ContinuousClock.now - began).seconds
      if images == most { break }
      // The full number at once where it is cheap, else twice as many as long as there is time.
      let whole = 3 * seconds * Double(most) / Double(images)
      if spent + whole < patience {
        images = most
      } else if spent + 6 * seconds < patience || times.count == 1 {
        images = min(most, 2 * images)
      } else {
        let large = min(most, Int(patience * Double(images) / seconds))
        if large > images {
          trimBuffers()
          let before = Self.pooled
          try body(large)
          sizes.append((large, Double(Self.pooled - before)))
        }
        break
      }
    }
    self.init(times: times, sizes: sizes)
  }

  private static func time(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start).seconds
  }

  /// Bytes of tensors and workspaces got from the system.
  static var pooled: Int {
    [BufferPool.shared, BufferPool.workspaces].reduce(0) { $0 + $1.usage.inUse + $1.usage.held }
  }
}
