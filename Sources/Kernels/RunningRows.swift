import CKernels

/// rows[i] = momentum·rows[i] + (1 − momentum)·batch[b] for i = samples[b], in the order of the batch;
/// rows[i] = batch[b] at the first visit, which sets visited[i] to 1.
///
/// - Returns: how many rows were visited for the first time.
/// - Throws: ``KernelError`` when shapes do not fit or a sample is outside 0..<N. Nothing is changed then.
public func updateRunningRows(
  _ rows: inout Tensor, visited: inout Tensor, with batch: Tensor, at samples: [Int], momentum: Float
) throws -> Int {
  let (n, k) = try rows.shape.matrix("rows", in: "running rows")
  try visited.require([n], "visited", in: "running rows")
  try batch.require([samples.count, k], "batch", in: "running rows")
  if let i = samples.firstIndex(where: { $0 < 0 || $0 >= n }) {
    throw KernelError("running rows", .badValue, "sample \(samples[i]) is outside 0..<\(n)")
  }
  let call = KernelAccount.begin("running rows", "\(batch.shape)")
  defer { call?.end() }
  return withExtendedLifetime(batch) {
    ck_running_rows(rows.mutableBase, visited.mutableBase, batch.base, samples, samples.count, k, momentum)
  }
}

/// The magnitude at a rank (from 0, ascending) among all elements of all tensors.
/// - Throws: ``KernelError``: `badValue` for a rank outside 0..<n, `notFinite` for a NaN.
public func magnitude(ofRank rank: Int, in tensors: [Tensor]) throws -> Float {
  let count = tensors.reduce(0) { $0 + $1.count }
  guard rank >= 0, rank < count else {
    throw KernelError("magnitude of rank", .badValue, "rank \(rank) is outside 0..<\(count)")
  }
  let call = KernelAccount.begin("magnitude of rank", "\(count)")
  defer { call?.end() }
  var selection = ck_magnitude_select(rank: UInt64(rank), prefix: 0, bits: 0)
  var status = CK_OK
  // Three passes of 11, 11 and 10 bits over all tensors: each narrows the value down to one bucket.
  while selection.bits < 32, status == CK_OK {
    var counts = [UInt64](repeating: 0, count: Int(CK_SELECT_BUCKETS))
    for tensor in tensors where status == CK_OK {
      status = withExtendedLifetime(tensor) {
        ck_magnitude_count(&counts, tensor.base, tensor.count, selection)
      }
    }
    if status == CK_OK { selection = ck_magnitude_narrow(selection, counts) }
  }
  try KernelError.check(status, "magnitude of rank", "an element is NaN")
  return Float(bitPattern: selection.prefix)
}

extension Tensor {
  /// 1 where the magnitude is at least the threshold, else 0.
  public func magnitudeMask(threshold: Float) -> Tensor {
    let call = KernelAccount.begin("magnitude mask", "\(shape)")
    defer { call?.end() }
    var mask = Tensor(uninitialized: shape)
    withExtendedLifetime(self) { ck_magnitude_mask(mask.mutableBase, base, threshold, count) }
    return mask
  }
}
