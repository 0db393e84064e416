import Evaluation

/// What `report.html` shows: plain values, filled by whoever ran the recipes. Parts that are absent are left out of the page.
public struct Report: Hashable, Sendable {
  /// Shown large, as `quickstart`.
  public var title: String
  /// A sentence below it: data, purpose.
  public var subtitle: String
  /// What was compared: the recipes of a file, and each of its sweeps.
  public var blocks: [Block]
  /// What is to be known before the numbers are read: images left out, a loss at chance.
  public var remarks: [String]
  /// At the end: how to read the numbers, and the version that wrote them.
  public var notes: [String]

  public init(title: String, subtitle: String = "", blocks: [Block], remarks: [String] = [], notes: [String] = []) {
    self.title = title
    self.subtitle = subtitle
    self.blocks = blocks
    self.remarks = remarks
    self.notes = notes
  }

  /// Runs that are compared with each other: every one has a value on every axis.
  public struct Block: Hashable, Sendable {
    /// Of the sweep, or of the sweeps that have the same axes (`alone + harmonized`); empty for recipes.
    public var name: String
    /// The sweep's comment.
    public var doc: String
    /// In the recipe's order. Recipes differ on one axis, `recipe`.
    public var axes: [Axis]
    public var arms: [Arm]
    /// Combinations that `skip when` left out.
    public var skipped: Int
    /// Settings that all runs have alike.
    public var settings: [Setting]
    /// What the recipe's tasks ask for.
    public var tables: [Table]

    public init(
      name: String = "", doc: String = "", axes: [Axis], arms: [Arm], skipped: Int = 0, settings: [Setting] = [],
      tables: [Table] = []
    ) {
      self.name = name
      self.doc = doc
      self.axes = axes
      self.arms = arms
      self.skipped = skipped
      self.settings = settings
      self.tables = tables
    }

    /// Recipes side by side.
    public init(recipes arms: [Arm], settings: [Setting] = []) {
      let numbered = arms.enumerated().map { position, arm in
        var arm = arm
        arm.values = [position]
        return arm
      }
      self.init(axes: [Axis("recipe", arms.map(\.name))], arms: numbered, settings: settings)
    }
  }

  /// What runs differ in.
  public struct Axis: Hashable, Sendable {
    /// `data.source.imbalance`
    public var name: String
    /// As recipes write them, in the recipe's order.
    public var values: [String]

    public init(_ name: String, _ values: [String]) {
      self.name = name
      self.values = values
    }

    /// Whether its values are repetitions of one thing, to be averaged over.
    var isSeed: Bool { name == "seed" || name.hasSuffix(".seed") }
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
    /// `contrastive`, `harmonization`, `probe average`, …
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

  /// How far a run is.
  public enum State: Hashable, Sendable {
    case done
    case failed(String)
    /// Not ended, or not begun.
    case open
  }

  /// One run of the comparison.
  public struct Arm: Hashable, Sendable {
    /// As `simclr + gh`.
    public var name: String
    /// The position of its value on each axis of its block.
    public var values: [Int]
    public var state: State
    /// What it came to; nil before it is done.
    public var result: ArmResult?
    /// Which classes count as many, medium and few.
    public var groups: [GroupAccuracy.Group]?
    /// The main loss.
    public var loss: [Point]
    /// Parts of the loss, the rate, probes on the way.
    public var curves: [Curve]
    /// Estimates of the class prior, oldest first; empty without GH.
    public var priors: [Prior]
    /// Only of those that are drawn.
    public var map: Map?
    /// Settings that not all runs of the block have alike.
    public var settings: [Setting]
    /// Wall-clock seconds of training, nil if not known.
    public var seconds: Double?
    /// Its folder, relative to the page.
    public var place: String

    public init(
      name: String, values: [Int] = [], state: State = .done, result: ArmResult? = nil,
      groups: [GroupAccuracy.Group]? = nil, loss: [Point] = [], curves: [Curve] = [], priors: [Prior] = [], map: Map? = nil,
      settings: [Setting] = [], seconds: Double? = nil, place: String = ""
    ) {
      self.name = name
      self.values = values
      self.state = state
      self.result = result
      self.groups = groups
      self.loss = loss
      self.curves = curves
      self.priors = priors
      self.map = map
      self.settings = settings
      self.seconds = seconds
      self.place = place
    }
  }
}
