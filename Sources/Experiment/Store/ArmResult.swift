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
  /// Of the recipe's first probe; nil where the images have no labels or the recipe asks for no probe.
  public var scores: Scores?
  /// Of its further probes, in order.
  public var others: [Other] = []
  /// How classes share the circle; nil unless the recipe asks for it.
  public var circle: Circle?
  /// Estimated share of each vertex of the structure, as GH last used it; nil without GH.
  public var prior: [Double]?
  /// Training images a class, in class order; nil without labels.
  public var classCounts: [Int]?
  public var classNames: [String]?
  /// What was left out of the images, and classes that cannot be learnt or measured.
  public var remarks = DataRemarks()

  /// Embeddings of two numbers.
  public struct Circle: Hashable, Sendable {
    /// Of the occupied bins, in percent, in class order.
    public var shares: [Double]
    /// Mean distance of class means, of all pairs and to the nearest; NaN where a class has no mean direction.
    public var interClass: Double
    public var neighbourhood: Double

    public init(shares: [Double], interClass: Double, neighbourhood: Double) {
      self.shares = shares
      self.interClass = interClass
      self.neighbourhood = neighbourhood
    }
  }

  /// The same arm with the scores of a further probe in the place of the first's; nil without that probe.
  func measured(by probe: String) -> ArmResult? {
    guard let other = others.first(where: { $0.name == probe }) else { return nil }
    var result = self
    result.scores = other.scores
    return result
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
    case name, identity, epochs, steps, final_loss, per_class, evaluations, prior, class_counts, class_names
    case remarks, circle_shares, circle_inter_class, circle_neighbourhood
  }

  public var json: JSONValue {
    var value: JSONValue = .object([
      "name": .string(name), "identity": .string(identity), "epochs": .int(epochs), "steps": .int(steps),
      "final_loss": .number(finalLoss),
    ])
    if let scores { value = value.adding(scores.fields) }
    if !others.isEmpty {
      value = value.adding([
        "evaluations": .array(others.map { .object([JSONValue.Field("name", .string($0.name))] + $0.scores.fields) })
      ])
    }
    if let circle {
      value = value.adding([
        "circle_shares": .numbers(circle.shares), "circle_inter_class": .number(circle.interClass),
        "circle_neighbourhood": .number(circle.neighbourhood),
      ])
    }
    value = value.adding(["prior": prior.map(JSONValue.numbers) ?? .null])
    if let classCounts { value = value.adding(["class_counts": .integers(classCounts)]) }
    if let classNames { value = value.adding(["class_names": .strings(classNames)]) }
    if remarks != DataRemarks() { value = value.adding(["remarks": remarks.json]) }
    return value
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try values.decode(String.self, forKey: .name),
      identity: try values.decode(String.self, forKey: .identity),
      epochs: try values.decode(Int.self, forKey: .epochs), steps: try values.decode(Int.self, forKey: .steps),
      finalLoss: try values.decodeIfPresent(Double.self, forKey: .final_loss) ?? .nan,
      prior: try values.decodeIfPresent([Double].self, forKey: .prior),
      classCounts: try values.decodeIfPresent([Int].self, forKey: .class_counts),
      classNames: try values.decodeIfPresent([String].self, forKey: .class_names))
    if values.contains(.per_class) { scores = try Scores(from: decoder) }
    others = try values.decodeIfPresent([Other].self, forKey: .evaluations) ?? []
    remarks = DataRemarks(try values.decodeIfPresent(JSONValue.self, forKey: .remarks) ?? .null)
    if let shares = try values.decodeIfPresent([Double].self, forKey: .circle_shares) {
      // Not finite where a class has no mean direction.
      circle = Circle(
        shares: shares, interClass: try values.decodeIfPresent(Double.self, forKey: .circle_inter_class) ?? .nan,
        neighbourhood: try values.decodeIfPresent(Double.self, forKey: .circle_neighbourhood) ?? .nan)
    }
  }
}

extension ArmResult.Other: Decodable {
  private enum Key: String, CodingKey { case name }

  public init(from decoder: any Decoder) throws {
    name = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .name)
    scores = try ArmResult.Scores(from: decoder)
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
