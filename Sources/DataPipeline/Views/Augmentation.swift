import Foundation
import Kernels

/// How random views are made from an image: SimCLR's pipeline (Chen et al. 2020, as torchvision draws it) of random
/// resized crop, mirror, colour jitter, loss of colour, blur, normalisation.
///
/// A value: which view comes out depends on the random numbers alone. On grey images the steps about colour change
/// nothing.
public struct Augmentation: Hashable, Sendable {
  /// Height and width of a view, pixels.
  public var size: Int
  /// Share of the image's area in a crop.
  public var area: ClosedRange<Double> = 0.1...1
  /// Width over height of a crop, drawn evenly in its logarithm.
  public var aspect: ClosedRange<Double> = 3.0 / 4...4.0 / 3
  public var interpolation: Image.Interpolation = .bilinear
  /// Probability of a mirror image.
  public var flip = 0.5
  /// Probability of colour jitter.
  public var jitter = 0.8
  /// Half-widths of the jitter: factors are drawn from 1 ± this, the hue from ± this (turns).
  public var brightness = 0.4
  public var contrast = 0.4
  public var saturation = 0.4
  public var hue = 0.1
  /// Probability of losing colour.
  public var grey = 0.2
  /// Probability of a Gaussian blur, and its standard deviation in pixels.
  public var blur = 0.0
  public var blurDeviation: ClosedRange<Double> = 0.1...2

  public init(size: Int) { self.size = size }

  /// Draws the choices for one view of an image of `height` × `width` pixels. Every choice is drawn whether it is used
  /// or not, so that changing a probability leaves the other choices as they were.
  public func choices(height: Int, width: Int, using random: inout CounterRandom) -> ImageView {
    let flipped = random.chance(flip)
    let jittered = random.chance(jitter)
    var adjustments: [ImageView.Adjustment] = [
      .brightness(factor(brightness, using: &random)),
      .contrast(factor(contrast, using: &random)),
      .saturation(factor(saturation, using: &random)),
      .hue(random.uniform(-hue, hue)),
    ]
    for i in stride(from: adjustments.count - 1, to: 0, by: -1) {
      adjustments.swapAt(i, random.integer(below: i + 1))
    }
    let greyed = random.chance(grey)
    let blurred = random.chance(blur)
    let deviation = random.uniform(blurDeviation.lowerBound, blurDeviation.upperBound)

    // The crop comes last, as it takes as many numbers as it needs tries.
    var view = ImageView(box(height: height, width: width, using: &random))
    view.flip = flipped
    view.adjustments = jittered ? adjustments : []
    view.grey = greyed
    view.blur = blurred ? Float(deviation) : 0
    return view
  }

  private func factor(_ halfWidth: Double, using random: inout CounterRandom) -> Float {
    Float(random.uniform(max(0, 1 - halfWidth), 1 + halfWidth))
  }

  /// torchvision's random resized crop: ten tries for a box that fits, then the largest centred one of a fitting
  /// aspect.
  private func box(height: Int, width: Int, using random: inout CounterRandom) -> Image.Box {
    for _ in 0..<10 {
      let target = Double(height * width) * random.uniform(area.lowerBound, area.upperBound)
      let ratio = exp(random.uniform(log(aspect.lowerBound), log(aspect.upperBound)))
      let w = Int((target * ratio).squareRoot().rounded(.toNearestOrEven))
      let h = Int((target / ratio).squareRoot().rounded(.toNearestOrEven))
      if w > 0, h > 0, w <= width, h <= height {
        let top = random.integer(below: height - h + 1)
        let left = random.integer(below: width - w + 1)
        return Image.Box(top: top, left: left, height: h, width: w)
      }
    }
    var (h, w) = (height, width)
    let ratio = Double(width) / Double(height)
    if ratio < aspect.lowerBound {
      h = min(height, max(1, Int((Double(width) / aspect.lowerBound).rounded())))
    } else if ratio > aspect.upperBound {
      w = min(width, max(1, Int((Double(height) * aspect.upperBound).rounded())))
    }
    return Image.Box(top: (height - h) / 2, left: (width - w) / 2, height: h, width: w)
  }
}
