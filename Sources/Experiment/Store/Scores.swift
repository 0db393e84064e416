import Evaluation

extension ArmResult {
  /// What one probe found. Accuracies in percent.
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
    /// Mean distance of two class means on the sphere, 0…√(2L/(L − 1)): see ``Uniformity``.
    public var interClass: Double?
    /// Mean distance of a class mean to the nearest other.
    public var neighbourhood: Double?
    /// Percent of the test images nearest to each class's mean: see ``ClassShares``.
    public var classShares: [Double]?

    public init(
      top1: Double, many: Double, medium: Double, few: Double, std: Double, average: Double, perClass: [Double],
      neighbours: Double? = nil, interClass: Double? = nil, neighbourhood: Double? = nil, classShares: [Double]? = nil
    ) {
      self.top1 = top1
      self.many = many
      self.medium = medium
      self.few = few
      self.std = std
      self.average = average
      self.perClass = perClass
      self.neighbours = neighbours
      self.interClass = interClass
      self.neighbourhood = neighbourhood
      self.classShares = classShares
    }

    /// The smallest share of a class, in percent: 0 where a class has no room of its own.
    public var leastShare: Double? { classShares?.min() }
  }

  /// A further probe of the recipe.
  public struct Other: Hashable, Sendable {
    /// `linear_probe_100shot`
    public var name: String
    public var scores: Scores

    public init(name: String, scores: Scores) {
      self.name = name
      self.scores = scores
    }
  }
}

extension ArmResult.Scores: Decodable {
  private enum Key: String, CodingKey {
    case top1, many, medium, few, std, average, per_class, knn, inter_class, neighbourhood, class_shares
  }

  /// In the order of the file.
  var fields: [JSONValue.Field] {
    let means = [("top1", top1), ("many", many), ("medium", medium), ("few", few), ("std", std), ("average", average)]
    return means.map { JSONValue.Field($0, .number($1)) } + [JSONValue.Field("per_class", .numbers(perClass))] + extras
      + (classShares.map { [JSONValue.Field("class_shares", .numbers($0))] } ?? [])
  }

  /// Single numbers that not every probe has.
  var extras: [JSONValue.Field] {
    [("knn", neighbours), ("inter_class", interClass), ("neighbourhood", neighbourhood)].compactMap { name, value in
      value.map { JSONValue.Field(name, .number($0)) }
    }
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    func number(_ key: Key) throws -> Double { try values.decodeIfPresent(Double.self, forKey: key) ?? .nan }
    self.init(
      top1: try number(.top1), many: try number(.many), medium: try number(.medium), few: try number(.few),
      std: try number(.std), average: try number(.average),
      perClass: try values.decode([Double?].self, forKey: .per_class).map { $0 ?? .nan },
      neighbours: try values.decodeIfPresent(Double.self, forKey: .knn),
      interClass: try values.decodeIfPresent(Double.self, forKey: .inter_class),
      neighbourhood: try values.decodeIfPresent(Double.self, forKey: .neighbourhood),
      classShares: try values.decodeIfPresent([Double].self, forKey: .class_shares))
  }
}
