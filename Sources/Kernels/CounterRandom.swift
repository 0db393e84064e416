import CKernels

/// Random numbers that are a pure function of a key and a place: Philox4x32-10 (Salmon et al., "Parallel
/// random numbers: as easy as 1, 2, 3", SC 2011).
///
///     var random = CounterRandom(seed: 7, .augmentation, epoch: 3, sample: 1200, view: 1)
///     let angle = random.uniform(0, 2 * .pi)
///
/// Two generators with the same arguments give the same numbers wherever and whenever they are made; with
/// any argument different, the numbers are independent. So results depend on neither threads nor workers
/// nor the point of resume. A stream has 2³⁴ words of 32 bits.
public struct CounterRandom: RandomNumberGenerator, Sendable {
  /// What the numbers are for. The raw values are part of every result: never change one.
  public enum Purpose: UInt16, Sendable {
    /// First values of the parameters of a model.
    case initialization = 1
    /// The order of samples in an epoch.
    case order = 2
    /// The choices made for a view.
    case augmentation = 3
    /// The rotation of the geometric uniform structure.
    case structure = 4
    /// Selection of images from a source.
    case selection = 5
    /// Linear probe and its batches.
    case probe = 6
    /// Anything else inside an evaluation, such as a projection for a picture.
    case evaluation = 7
    /// Made-up data in tests and benches.
    case synthetic = 8
    /// Numbers asked for by a recipe.
    case recipe = 9
    /// Weights that a pruned branch leaves out.
    case pruning = 10
    /// Starts of k-means.
    case clusters = 12
    /// The operations of RandAugment on a view.
    case operations = 13
    /// How strong they are for an image.
    case strength = 14
  }

  private var state: ck_random

  /// Programmer error: an argument outside its range traps.
  /// - Parameters:
  ///   - epoch, sample: 0 ..< 2³².
  ///   - view: 0 ..< 2¹⁶.
  public init(seed: UInt64, _ purpose: Purpose, epoch: Int = 0, sample: Int = 0, view: Int = 0) {
    let place = UInt32(purpose.rawValue) << 16 | UInt32(UInt16(view))
    state = ck_random_start(seed, UInt32(sample), UInt32(epoch), place)
  }

  /// A stream of its own for each name, such as that of a parameter.
  public init(seed: UInt64, _ purpose: Purpose, name: String) {
    // FNV-1a, 64 bits: the same on every machine and in every run, unlike `Hasher`.
    let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    let place = UInt32(purpose.rawValue) << 16 | 0xffff
    state = ck_random_start(seed, UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32), place)
  }

  /// 64 random bits.
  public mutating func next() -> UInt64 { ck_random_bits(&state) }

  /// Uniform in 0 ≤ x < 1, a multiple of 2⁻⁵³.
  public mutating func unit() -> Double { ck_random_unit(&state) }

  /// Uniform in low ≤ x < high (the end itself can come out by rounding).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  /// True with this probability; always for 1, never for 0.
  public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// Normal with mean 0 and deviation 1 (Box and Muller).
  public mutating func normal() -> Double { ck_random_normal(&state) }

  /// Uniform in 0 ..< count, without bias. Programmer error: a count below 1 traps.
  public mutating func integer(below count: Int) -> Int {
    precondition(count > 0, "no integer below \(count)")
    return Int(ck_random_below(&state, UInt64(count)))
  }

  /// A uniformly random order of 0 ..< count.
  public mutating func permutation(_ count: Int) -> [Int] {
    let order = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { ck_random_permutation(base, count, &state) }
      initialized = count
    }
    return order.map(Int.init)
  }

  /// For kernels that draw themselves.
  mutating func withState<R>(_ body: (inout ck_random) -> R) -> R { body(&state) }

  /// A tensor of independent numbers, uniform between two bounds.
  public mutating func uniform(_ low: Double, _ high: Double, shape: Shape) -> Tensor {
    let call = KernelAccount.begin("random numbers", algorithm: "uniform", "\(shape)")
    defer { call?.end() }
    var tensor = Tensor(uninitialized: shape)
    ck_random_fill_uniform(tensor.mutableBase, shape.count, low, high, &state)
    return tensor
  }

  /// A tensor of independent normal numbers.
  public mutating func normal(mean: Double = 0, deviation: Double = 1, shape: Shape) -> Tensor {
    let call = KernelAccount.begin("random numbers", algorithm: "normal", "\(shape)")
    defer { call?.end() }
    var tensor = Tensor(uninitialized: shape)
    ck_random_fill_normal(tensor.mutableBase, shape.count, mean, deviation, &state)
    return tensor
  }
}
