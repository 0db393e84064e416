import DataPipeline
import Kernels

extension Bench {
  /// One view each of 256 pictures of 32×32 RGB, on the calling thread: crop, mirror, jitter, loss of colour,
  /// normalisation.
  static var augmentation: [Workload] {
    [
      Workload("augment/cifar_256views_1thread") {
        let side = 32
        let augmentation = Augmentation(size: side)
        let renderer = ViewRenderer(
          size: side, interpolation: augmentation.interpolation, mean: Normalization.cifar.mean,
          deviation: Normalization.cifar.deviation)
        let pictures = (0..<256).map { sample in
          var random = CounterRandom(seed: 0, .synthetic, sample: sample)
          let pixels = (0..<side * side * 3).map { _ in UInt8(random.integer(below: 255)) }
          return Image(height: side, width: side, channels: 3, pixels: pixels)
        }
        var views = Tensor(uninitialized: [pictures.count, side, side, 3])
        var epoch = 0
        return {
          try views.withUnsafeMutableBufferPointer { target in
            for (sample, picture) in pictures.enumerated() {
              var random = CounterRandom(seed: 0, .augmentation, epoch: epoch, sample: sample)
              let view = augmentation.choices(height: side, width: side, using: &random)
              let place = sample * side * side * 3
              try renderer.draw(
                view, of: picture, into: UnsafeMutableBufferPointer(rebasing: target[place..<place + side * side * 3]))
            }
          }
          epoch += 1
        }
      }
    ]
  }
}
