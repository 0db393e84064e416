import Kernels
import Objectives
import Training

extension PairMethod {
  /// The method that a plan describes.
  convenience init(_ plan: ArmPlan) throws {
    try self.init(plan.method, samples: plan.images.trainingCount)
  }

  /// - Parameter samples: images in the training set.
  convenience init(_ plan: MethodPlan, samples: Int) throws {
    var terms = [try plan.contrast.term()]
    if let harmonization = plan.harmonization {
      terms.append(try HarmonizationTerm(harmonization, samples: samples))
    }
    let pruning = try plan.pruning.map {
      try Pruning(Pruning.Settings(fraction: $0.fraction, random: $0.random, seed: $0.seed))
    }
    let memorization = try plan.boost.map { try Memorization(samples: samples, momentum: $0.momentum) }
    let sharpness = plan.sharpness
    let rule = try sharpness.map { try SharpnessAware(rho: $0.rho, isAdaptive: $0.isAdaptive) }
    self.init(
      terms, pruning: pruning, memorization: memorization,
      reweighting: try sharpness.map { try DensityWeight(exponent: $0.exponent, bandwidth: $0.bandwidth) },
      gradientRule: rule ?? PlainGradient())
  }

  /// The prior that GH uses now; nil without GH.
  var prior: [Double]? {
    terms.lazy.compactMap { $0 as? HarmonizationTerm }.first?.running.prior.values.map(Double.init)
  }
}

extension ContrastPlan {
  func term() throws -> any LossTerm {
    switch self {
    case .ntXent(let temperature, let gamma):
      try ContrastiveTerm(gamma.map { .focal(gamma: Float($0)) } ?? .ntXent(), temperature: temperature)
    case .simSiam(let dimension, let hidden, let seed):
      try SimSiamTerm(dimension: dimension, hidden: hidden, seed: seed)
    }
  }
}

extension HarmonizationTerm {
  /// - Parameter samples: images in the training set.
  convenience init(_ plan: HarmonizationPlan, samples: Int) throws {
    let structure = try GeometricStructure(
      classes: plan.classes, dimension: plan.dimension, seed: plan.structureSeed, exactSimplex: plan.isExact)
    var settings = GeometricHarmonization.Settings(
      sinkhorn: Sinkhorn.Options(
        lambda: Float(plan.lambda), iterations: plan.iterations, tolerance: plan.tolerance.map { Float($0) }),
      temperature: Float(plan.temperature))
    if plan.isAligned { settings.alignment = .centres(seed: plan.structureSeed) }
    var (momentum, refresh) = (Schedule.constant(0), Int.max)
    switch plan.prior {
    case .uniform: settings.prior = .uniform
    case .momentum(let schedule, let every, let rule):
      settings.prior = .estimated(rule)
      (momentum, refresh) = (schedule, every)
    }
    try self.init(
      GeometricHarmonization(structure: structure, settings: settings), samples: samples,
      settings: Settings(
        startEpoch: plan.starts, weight: plan.weight, scoreMomentum: momentum, refreshEveryEpochs: refresh,
        requiresConvergence: plan.requiresConvergence))
  }
}
