import Evaluation

/// What `report.html` shows: plain values, filled by whoever ran the arms. Parts that are absent are left
/// out of the page.
public struct Report: Hashable, Sendable {
  /// Shown large, as `quickstart`.
  public var title: String
  /// A sentence below it: data, purpose.
  public var subtitle: String
  public var arms: [Arm]
  /// Settings all arms share, in the order to show.
  public var settings: [Setting]
  /// Training images of each class; nil without labels.
  public var classCounts: [Int]?
  public var classNames: [String]?
  /// Which classes count as many, medium and few.
  public var groups: [GroupAccuracy.Group]?
  /// Remarks on how to read the numbers, and the version that wrote them.
  public var notes: [String]

  public init(
    title: String, subtitle: String = "", arms: [Arm], settings: [Setting] = [], classCounts: [Int]? = nil,
    classNames: [String]? = nil, groups: [GroupAccuracy.Group]? = nil, notes: [String] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.arms = arms
    self.settings = settings
    self.classCounts = classCounts
    self.classNames = classNames
    self.groups = groups
    self.notes = notes
  }

  /// A name and a value as the recipe writes it.
  public struct Setting: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Numbers over epochs.
  public struct Curve: Hashable, Sendable {
    /// `loss`, `contrastive`, `harmonization`, `probe average`, …
    public var name: String
    public var points: [Point]

    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// A value at a time in epochs (3.5 is the middle of the fourth). Values that are not finite are gaps.
  public struct Point: Hashable, Sendable {
    public var epoch: Double
    public var value: Double

    public init(_ epoch: Double, _ value: Double) {
      self.epoch = epoch
      self.value = value
    }
  }

  /// The class prior at a time.
  public struct Prior: Hashable, Sendable {
    public var epoch: Double
    /// Share of each vertex of the structure; order of no meaning.
    public var shares: [Double]

    public init(epoch: Double, shares: [Double]) {
      self.epoch = epoch
      self.shares = shares
    }
  }

  /// Embedded images in the plane.
  public struct Map: Hashable, Sendable {
    /// `t-SNE of 1000 test images`.
    public var caption: String
    public var x: [Double]
    public var y: [Double]
    /// Class of each point, or empty.
    public var labels: [Int]
    /// Of the circle that the points lie on; nil for a map in the plane.
    public var bins: Int?

    public init(caption: String, x: [Double], y: [Double], labels: [Int] = [], bins: Int? = nil) {
      self.caption = caption
      self.x = x
      self.y = y
      self.labels = labels
      self.bins = bins
    }
  }

  /// One run of the comparison.
  public struct Arm: Hashable, Sendable {
    /// As `simclr + gh`.
    public var name: String
    /// The main loss: drawn for all arms on one plot.
    public var loss: [Point]
    /// Parts of the loss, the rate, probes on the way.
    public var curves: [Curve]
    /// In percent.
    public var scores: ArmResult.Scores?
    /// Of the further probes.
    public var others: [ArmResult.Other] = []
    /// Estimates of the class prior, oldest first; empty without GH.
    public var priors: [Prior]
    public var map: Map?
    /// Settings in which this arm differs.
    public var settings: [Setting]
    /// Wall-clock seconds of training, nil if not known.
    public var seconds: Double?

    public init(
      name: String, loss: [Point] = [], curves: [Curve] = [], scores: ArmResult.Scores? = nil,
      priors: [Prior] = [], map: Map? = nil, settings: [Setting] = [], seconds: Double? = nil
    ) {
      self.name = name
      self.loss = loss
      self.curves = curves
      self.scores = scores
      self.priors = priors
      self.map = map
      self.settings = settings
      self.seconds = seconds
    }
  }
}
