import Foundation
import VisibleText

/// Text that is safe between tags and inside attribute values.
package func escaped(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for character in text.unicodeScalars {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\t", "\n", "\r": result.unicodeScalars.append(character)
    // What HTML forbids even as a reference, and what turns the text around it.
    case _ where character.isHidden: result += character.escape
    default: result.unicodeScalars.append(character)
    }
  }
  return result
}

/// `12.30`, or an en dash for what is not finite.
package func decimal(_ value: Double, _ digits: Int = 2) -> String {
  value.isFinite ? String(format: "%.\(digits)f", value) : "–"
}

/// `+1.20`, `−0.40`: with a real minus sign.
package func signed(_ value: Double, _ digits: Int = 2) -> String {
  guard value.isFinite else { return "" }
  let text = String(format: "%.\(digits)f", abs(value))
  let isZero = !text.contains { $0 != "0" && $0 != "." }
  return (isZero ? "±" : value < 0 ? "−" : "+") + text
}

/// A drawing in the making: SVG elements in the order they are painted.
struct Drawing {
  let width: Double
  let height: Double
  private(set) var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// A coordinate, to a tenth of a unit.
  static func number(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    return tenths == (tenths / 10).rounded() * 10 ? String(Int(tenths / 10)) : String(tenths / 10)
  }
  private func n(_ value: Double) -> String { Self.number(value) }

  mutating func raw(_ markup: String) { body += markup + "\n" }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String, style: String = "") {
    raw(#"<line class="\#(name)"\#(styled(style)) x1="\#(n(x1))" y1="\#(n(y1))" x2="\#(n(x2))" y2="\#(n(y2))"/>"#)
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, radius: Double = 0, class name: String, style: String = "",
    title: String? = nil
  ) {
    let round = radius > 0 ? #" rx="\#(n(radius))""# : ""
    let head = #"<rect class="\#(name)"\#(styled(style)) x="\#(n(x))" y="\#(n(y))" width="\#(n(max(0, width)))" "#
      + #"height="\#(n(max(0, height)))"\#(round)"#
    raw(title.map { head + "><title>\(escaped($0))</title></rect>" } ?? head + "/>")
  }

  mutating func circle(
    _ x: Double, _ y: Double, radius: Double, class name: String, style: String = "", title: String? = nil
  ) {
    let head = #"<circle class="\#(name)"\#(styled(style)) cx="\#(n(x))" cy="\#(n(y))" r="\#(n(radius))""#
    raw(title.map { head + "><title>\(escaped($0))</title></circle>" } ?? head + "/>")
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, anchor: Anchor = .start, class name: String = "", style: String = "",
    turned: Double = 0
  ) {
    let turn = turned == 0 ? "" : #" transform="rotate(\#(n(turned)) \#(n(x)) \#(n(y)))""#
    raw(
      #"<text class="\#(name)"\#(styled(style)) x="\#(n(x))" y="\#(n(y))" text-anchor="\#(anchor.rawValue)"\#(turn)>"#
        + escaped(text) + "</text>")
  }

  /// One line through the points of each piece.
  mutating func path(_ pieces: [[(x: Double, y: Double)]], class name: String, style: String = "") {
    let text = pieces.filter { !$0.isEmpty }.map { piece in
      "M" + piece.map { "\(n($0.x)) \(n($0.y))" }.joined(separator: "L") + (piece.count == 1 ? "h0" : "")
    }.joined()
    if !text.isEmpty { raw(#"<path class="\#(name)"\#(styled(style)) d="\#(text)"/>"#) }
  }

  private func styled(_ style: String) -> String { style.isEmpty ? "" : #" style="\#(style)""# }

  /// The `<svg>` element; `label` says in words what is to be seen.
  func svg(label: String, class name: String = "") -> String {
    #"<svg class="\#(name)" viewBox="0 0 \#(n(width)) \#(n(height))" role="img" aria-label="\#(escaped(label))">"#
      + "\n" + body + "</svg>\n"
  }
}
