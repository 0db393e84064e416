/// Choosing runs by the values of axes, without a script: a list of values for each axis, and rules that hide what stands
/// for another value. A browser that does not know `:has` shows everything.
extension BlockLayout {
  /// Axes of more values have no list; the page would be long for it.
  static let mostChoices = 200

  private var listed: [Int] { isFiltered ? filters.filter { block.axes[$0].values.count <= Self.mostChoices } : [] }

  var filterBar: String {
    guard !listed.isEmpty else { return "" }
    let lists = listed.map { axis in
      let options = valueNames[axis].enumerated().map { "<option value=\"\($0.offset)\">\(escaped($0.element))</option>" }
      return "<label>\(escaped(axisNames[axis])) <select id=\"\(filterName(axis))\" autocomplete=\"off\"><option value=\"\">all</option>"
        + options.joined() + "</select></label>"
    }
    return "<div class=\"filters\"><span>Show</span> \(lists.joined(separator: "\n"))</div>\n"
  }

  var filterRules: String {
    listed.flatMap { axis in
      let name = filterName(axis)
      return block.axes[axis].values.indices.map { value in
        "body:has(#\(name) option[value=\"\(value)\"]:checked) [data-\(name)]:not([data-\(name)=\"\(value)\"]){display:none}"
      }
    }.joined(separator: "\n")
  }
}
