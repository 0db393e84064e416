import CKernels

extension Tensor {
  /// Whether no element is NaN or infinite; true for an empty tensor.
  public var isFinite: Bool {
    let call = KernelAccount.begin("finite check", "\(shape)")
    defer { call?.end() }
    return withUnsafeBufferPointer { ck_all_finite($0.baseAddress, $0.count) } != 0
  }
}
