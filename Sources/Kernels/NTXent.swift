import CKernels

/// The normalised, temperature-scaled cross-entropy of SimCLR over pairs of views, and its focal form.
///
/// Rows are made unit. For each of the 2N anchors, with s = cosine / temperature,
///
///     p = exp(s⁺) / (exp(s⁺) + Σ exp(s⁻))      loss = −(1 − p)^γ log p
///
/// where the negatives are both views of all other samples. γ = 0 is plain NT-Xent (Chen et al., 2020);
/// the focal form follows the Geometric Harmonization code (METHOD.md 2.2), and the gradient flows through
/// the factor. The loss is the mean over anchors.
///
/// Edge cases
/// - One sample has no negatives: loss and gradients are 0.
/// - All embeddings equal: every loss is log(2N − 1).
/// - A NaN makes the loss NaN; nothing throws, so that a training step can report it.
/// - A zero embedding has cosine 0 with everything and gets no gradient.
public struct NTXent: Hashable, Sendable {
  public let temperature: Float
  public let focalGamma: Float?

  public struct Result: Sendable {
    /// The mean over samples, each times its weight.
    public let loss: Double
    /// N values: the mean over a sample's two anchors, before its weight.
    public let perSample: Tensor
    /// Gradients of ``loss``, shaped like the inputs.
    public let dZ1: Tensor
    public let dZ2: Tensor
  }

  /// - Throws: ``KernelError`` (`badValue`) for a temperature below 1e-4 or a negative γ.
  public init(temperature: Float = 0.2, focalGamma: Float? = nil) throws {
    guard temperature >= 1e-4, temperature.isFinite else {
      throw KernelError("nt-xent", .badValue, "temperature \(temperature), expected at least 0.0001")
    }
    if let focalGamma, !(focalGamma >= 0) || !focalGamma.isFinite {
      throw KernelError("nt-xent", .badValue, "focal gamma \(focalGamma), expected 0 or more")
    }
    self.temperature = temperature
    self.focalGamma = focalGamma
  }

  /// - Parameters:
  ///   - z1: embeddings of the first view, N×d. - z2: of the second; row i of both belongs to sample i.
  ///   - weights: N factors of the samples' losses; nil for 1 each.
  /// - Throws: ``KernelError`` when shapes do not fit or are empty.
  public func callAsFunction(_ z1: Tensor, _ z2: Tensor, weights: Tensor? = nil) throws -> Result {
    let (n, d) = try z1.shape.matrix("the first view", in: "nt-xent")
    try z2.require(z1.shape, "the second view", in: "nt-xent")
    try weights?.require([n], "weights", in: "nt-xent")
    let call = KernelAccount.begin("nt-xent", "\(z1.shape)")
    defer { call?.end() }
    var perSample = Tensor(uninitialized: [n])
    var (dZ1, dZ2) = (Tensor(uninitialized: z1.shape), Tensor(uninitialized: z1.shape))
    let shares = Int32(Threads.count)
    var workspace = Tensor.workspace(bytes: ck_nt_xent_workspace(n, d, shares))
    var loss = 0.0
    let status = withExtendedLifetime((z1, z2, weights)) {
      ck_nt_xent(
        &loss, perSample.mutableBase, dZ1.mutableBase, dZ2.mutableBase, z1.base, z2.base, weights?.base, n, d,
        temperature, focalGamma ?? 0, shares, workspace.mutableBase)
    }
    try KernelError.check(status, "nt-xent", "two views of \(z1.shape): too large")
    return Result(loss: loss, perSample: perSample, dZ1: dZ1, dZ2: dZ2)
  }
}
