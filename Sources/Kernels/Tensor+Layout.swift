import CKernels

// Memory holds images as N H W C and convolution weights as K R S C; files and golden cases as N C H W
// and K C R S. Conversions are exact and only wanted at those edges. A tensor of another rank traps.

extension Tensor {
  /// N×H×W×C → N×C×H×W. Programmer error: a rank other than 4 traps.
  public func toNCHW() -> Tensor { channelsSecond() }
  /// N×C×H×W → N×H×W×C. Programmer error: a rank other than 4 traps.
  public func toNHWC() -> Tensor { channelsLast() }
  /// Weights K×R×S×C → K×C×R×S. Programmer error: a rank other than 4 traps.
  public func toKCRS() -> Tensor { channelsSecond() }
  /// Weights K×C×R×S → K×R×S×C. Programmer error: a rank other than 4 traps.
  public func toKRSC() -> Tensor { channelsLast() }

  /// The transpose of a matrix. Programmer error: a rank other than 2 traps.
  public func transposed() -> Tensor {
    precondition(shape.rank == 2, "cannot transpose \(shape): not a matrix")
    return transposed(outer: 1, rows: shape[0], columns: shape[1], to: [shape[1], shape[0]])
  }

  private func channelsSecond() -> Tensor {
    precondition(shape.rank == 4, "cannot change the layout of \(shape): expected four axes")
    let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    return transposed(outer: n, rows: h * w, columns: c, to: [n, c, h, w])
  }

  private func channelsLast() -> Tensor {
    precondition(shape.rank == 4, "cannot change the layout of \(shape): expected four axes")
    let (n, c, h, w) = (shape[0], shape[1], shape[2], shape[3])
    return transposed(outer: n, rows: c, columns: h * w, to: [n, h, w, c])
  }

  private func transposed(outer: Int, rows: Int, columns: Int, to shape: Shape) -> Tensor {
    let call = KernelAccount.begin("transpose", "\(self.shape)")
    defer { call?.end() }
    var y = Tensor(uninitialized: shape)
    withExtendedLifetime(self) { ck_transpose(y.mutableBase, base, outer, rows, columns) }
    return y
  }
}
