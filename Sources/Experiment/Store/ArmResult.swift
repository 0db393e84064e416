import Foundation

/// What one arm (one recipe of a file) came to. Holds no times and no paths: the same recipe gives the same bytes.
public struct ArmResult: Hashable, Sendable {
  public var name: String
  /// SHA-256 of the resolved recipe.
  public var identity: String
  public var epochs: Int
  public var steps: Int
  /// Mean loss of the last epoch.
  public var finalLoss: Double
  /// Accuracies of the last probe; nil where the images have no labels or the recipe asks for no probe.
  public var scores: Scores?
  /// Estimated share of each vertex of the structure, as GH last used it; nil without GH.
  public var prior: [Double]?
  /// Training images a class, in class order; nil without labels.
  public var classCounts: [Int]?
  public var classNames: [String]?

  /// Accuracies in percent.
  public struct Scores: Hashable, Sendable {
    /// Share of the test images that are recognised.
    public var top1: Double
    /// Means over the classes with many, medium and few training images.
    public var many: Double
    public var medium: Double
    public var few: Double
    /// Sample standard deviation (n − 1) of many, medium and few.
    public var std: Double
    /// Mean over classes.
    public var average: Double
    /// Accuracy of each class, in class order.
    public var perClass: [Double]
    /// Accuracy of nearest neighbours, where the recipe asks for it.
    public var neighbours: Double?

    public init(
      top1: Double, many: Double, medium: Double, few: Double, std: Double, average: Double, perClass: [Double],
      neighbours: Double? = nil
    ) {
      self.top1 = top1
      self.many = many
      self.medium = medium
      self.few = few
      self.std = std
      self.average = average
      self.perClass = perClass
      self.neighbours = neighbours
    }
  }

  public init(
    name: String, identity: String, epochs: Int, steps: Int, finalLoss: Double, scores: Scores? = nil,
    prior: [Double]? = nil, classCounts: [Int]? = nil, classNames: [String]? = nil
  ) {
    self.name = name
    self.identity = identity
    self.epochs = epochs
    self.steps = steps
    self.finalLoss = finalLoss
    self.scores = scores
    self.prior = prior
    self.classCounts = classCounts
    self.classNames = classNames
  }
}

// MARK: - JSON

extension ArmResult: Decodable {
  private enum Key: String, CodingKey {
    case name, identity, epochs, steps, final_loss, top1, many, medium, few, std, average, per_class, knn
    case prior, class_counts, class_names
  }

  public var json: JSONValue {
    var value: JSONValue = .object([
      "name": .string(name), "identity": .string(identity), "epochs": .int(epochs), "steps": .int(steps),
      "final_loss": .number(finalLoss),
    ])
    if let scores {
      value = value.adding([
        "top1": .number(scores.top1), "many": .number(scores.many), "medium": .number(scores.medium),
        "few": .number(scores.few), "std": .number(scores.std), "average": .number(scores.average),
        "per_class": .numbers(scores.perClass),
      ])
      if let neighbours = scores.neighbours { value = value.adding(["knn": .number(neighbours)]) }
    }
    value = value.adding(["prior": prior.map(JSONValue.numbers) ?? .null])
    if let classCounts { value = value.adding(["class_counts": .integers(classCounts)]) }
    if let classNames { value = value.adding(["class_names": .strings(classNames)]) }
    return value
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double { try values.decodeIfPresent(Double.self, forKey: key) ?? .nan }
    self.init(
      name: try values.decode(String.self, forKey: .name),
      identity: try values.decode(String.self, forKey: .identity),
      epochs: try values.decode(Int.self, forKey: .epochs), steps: try values.decode(Int.self, forKey: .steps),
      finalLoss: try number(.final_loss),
      prior: try values.decodeIfPresent([Double].self, forKey: .prior),
      classCounts: try values.decodeIfPresent([Int].self, forKey: .class_counts),
      classNames: try values.decodeIfPresent([String].self, forKey: .class_names))
    guard let perClass = try values.decodeIfPresent([Double?].self, forKey: .per_class) else { return }
    scores = Scores(
      top1: try number(.top1), many: try number(.many), medium: try number(.medium), few: try number(.few),
      std: try number(.std), average: try number(.average), perClass: perClass.map { $0 ?? .nan },
      neighbours: try values.decodeIfPresent(Double.self, forKey: .knn))
  }
}

/// `result.json` of a run: the arms by name, in the order of the recipe file.
public struct RunResult: Hashable, Sendable {
  public static let schema = "harmonia.result/1"
  public var arms: [ArmResult]

  public init(arms: [ArmResult]) { self.arms = arms }

  public var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "arms": .object(arms.map { JSONValue.Field($0.name, $0.json) }),
    ])
  }
}
