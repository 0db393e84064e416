/// Colours and the style sheet of a report: one set of names, given twice, for light and dark.
enum ReportStyle {
  /// Arms, in order; repeated if there are more.
  static let armColours: [(light: String, dark: String)] = [
    ("#3565c9", "#7ea6f4"), ("#d9610f", "#f59a52"), ("#12876a", "#4cc9a4"), ("#a13fb8", "#d08be3"),
    ("#b8324b", "#f07f93"), ("#5c6773", "#aab4bf"),
  ]
  /// Ten classes told apart by hue.
  static let classColours = [
    "#4e79a7", "#f28e2b", "#e15759", "#59a14f", "#b07aa1", "#76b7b2", "#d4a518", "#9c755f", "#ff7f9c", "#7f8c9b",
  ]

  static func armColour(_ arm: Int) -> Int { arm % armColours.count }

  /// The colour of a class by its place when sorted by size: hues for few classes, else from blue (head) to
  /// yellow (tail).
  static func classColour(rank: Int, of classes: Int) -> String {
    if classes <= classColours.count { return classColours[rank] }
    let stops: [(Double, Double, Double)] = [
      (52, 90, 205), (122, 82, 205), (190, 80, 160), (236, 122, 92), (240, 185, 62),
    ]
    let place = Double(rank) / Double(classes - 1) * Double(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    let (a, b, share) = (stops[lower], stops[lower + 1], place - Double(lower))
    let mixed = [a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share]
    return "rgb(" + mixed.map { String(Int($0.rounded())) }.joined(separator: ",") + ")"
  }

  private static func variables(dark: Bool) -> String {
    let arms = armColours.enumerated().map { "--arm\($0.offset):\(dark ? $0.element.dark : $0.element.light)" }
    let base = dark
      ? "--page:#14171c;--card:#1b1f26;--ink:#e6e9ee;--soft:#9aa4b1;--rule:#2c323c;--grid:#262c35;--bar:#4a5361;"
        + "--good:#58c79a;--bad:#e58a8a;--best:#243044;--band:#20252d;"
      : "--page:#f6f7f9;--card:#ffffff;--ink:#1b2330;--soft:#66707d;--rule:#e1e5ea;--grid:#edf0f3;--bar:#c5cdd7;"
        + "--good:#12805a;--bad:#b53d3d;--best:#eaf1fd;--band:#f6f8fa;"
    return base + arms.joined(separator: ";")
  }

  static var sheet: String {
    """
    :root{color-scheme:light dark;\(variables(dark: false))}
    @media (prefers-color-scheme:dark){:root{\(variables(dark: true))}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);
    font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    main{max-width:1080px;margin:0 auto;padding:40px 20px 60px}
    header{margin:0 4px 26px}
    h1{font-size:30px;line-height:1.2;letter-spacing:-.015em;margin:0 0 6px}
    h2{font-size:18px;letter-spacing:-.005em;margin:0 0 2px}
    h3{font-size:13.5px;margin:0 0 4px;font-weight:600}
    p{margin:0 0 10px;max-width:108ch} .soft{color:var(--soft)} .lead{font-size:16px;color:var(--soft)}
    section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:20px 22px;margin:0 0 18px}
    section>p.soft{font-size:13.5px;margin-bottom:12px}
    .wide+p.soft{margin:12px 0 2px} .wide~p.soft+p.soft{margin:0 0 2px}
    .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:10px 0 0;padding:0;list-style:none;font-size:14px}
    .legend li{display:flex;align-items:center;gap:7px}
    .chip{display:inline-block;width:11px;height:11px;border-radius:3px;flex:none}
    .legend small,.count{color:var(--soft)} .count{font-weight:400;margin-left:4px}
    .wide{overflow-x:auto} .wide svg{min-width:640px}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
    th{font-weight:600;font-size:13px;color:var(--soft);text-align:right;padding:6px 12px;
    border-bottom:1px solid var(--rule);white-space:nowrap}
    td{text-align:right;padding:9px 12px;border-bottom:1px solid var(--rule);white-space:nowrap;font-size:16px}
    tr:last-child td{border-bottom:0}
    th:first-child,td:first-child{text-align:left;padding-left:2px}
    td.arm{font-weight:600;font-size:15px} td.arm .chip{margin-right:9px}
    td small{display:block;font-size:12px;line-height:1.2;color:var(--soft)}
    td .up{color:var(--good)} td .down{color:var(--bad)}
    td.best{background:var(--best);font-weight:700}
    .grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:18px 26px}
    .settings td,.settings th{font-size:13.5px;padding:4px 12px;text-align:left;white-space:normal;
    overflow-wrap:anywhere;vertical-align:top}
    .settings td:first-child{color:var(--soft);white-space:nowrap;width:1%}
    code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    svg{display:block;width:100%;height:auto;overflow:visible}
    svg text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--ink)}
    svg .tick{fill:var(--soft);font-size:11px} svg .name{fill:var(--soft);font-size:11.5px}
    svg .value{font-weight:600;font-size:11.5px}
    svg .halo{paint-order:stroke;stroke:var(--card);stroke-width:3.5px;stroke-linejoin:round;font-weight:600}
    .grid{stroke:var(--grid)} .axis{stroke:var(--rule)}
    .line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round}
    .mean{stroke-width:1.6;stroke-dasharray:5 4} .faint{opacity:.35}
    .size{fill:var(--bar)} .band{fill:var(--band)} .stem{stroke:var(--bar);stroke-width:1.2}
    .cloud{fill:none;stroke-linecap:round;stroke-opacity:.72} .frame{fill:none;stroke:var(--rule)}
    svg.map:has(g:hover) g:not(:hover){opacity:.12} rect:hover,circle:hover{filter:brightness(1.15)}
    footer{color:var(--soft);font-size:13px;margin:22px 4px 0} footer p{margin:0 0 4px}
    @media print{body{background:#fff} section{break-inside:avoid}}
    """
  }
}
