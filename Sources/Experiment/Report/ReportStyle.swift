/// Colours and the style sheet of a report: one set of names, given twice, for light and dark.
enum ReportStyle {
  /// Values of the axis that has the colours, in order: told apart by lightness as well as by hue, so by everyone.
  static let seriesColours: [(light: String, dark: String)] = [
    ("#0067b1", "#6db6f2"), ("#c64a00", "#f5934c"), ("#00805e", "#3cc9a0"), ("#a2458a", "#e59acb"),
    ("#8a6a00", "#e6bd4d"), ("#4b5563", "#b4bec9"), ("#1f9bd1", "#a6dcf7"), ("#7a3b12", "#cfa27c"),
  ]
  /// Ten classes told apart by hue.
  static let classColours = [
    "#4e79a7", "#f28e2b", "#e15759", "#59a14f", "#b07aa1", "#76b7b2", "#d4a518", "#9c755f", "#ff7f9c", "#7f8c9b",
  ]

  /// The same colour for the same value everywhere on the page; of more values than there are colours, a row from blue to
  /// yellow, in the axis's order.
  static func seriesColour(_ position: Int, of count: Int) -> String {
    count <= seriesColours.count ? "var(--arm\(position))" : ramp(Double(position) / Double(count - 1))
  }

  /// The colour of a class by its place when sorted by size: hues for few classes, else from blue (head) to
  /// yellow (tail).
  static func classColour(rank: Int, of classes: Int) -> String {
    if classes <= classColours.count { return classColours[rank] }
    return ramp(Double(rank) / Double(classes - 1))
  }

  /// From blue at 0 to yellow at 1.
  private static func ramp(_ place: Double) -> String {
    let stops: [(Double, Double, Double)] = [
      (52, 90, 205), (122, 82, 205), (190, 80, 160), (236, 122, 92), (240, 185, 62),
    ]
    let place = place * Double(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    let (a, b, share) = (stops[lower], stops[lower + 1], place - Double(lower))
    let mixed = [a.0 + (b.0 - a.0) * share, a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share]
    return "rgb(" + mixed.map { String(Int($0.rounded())) }.joined(separator: ",") + ")"
  }

  private static func variables(dark: Bool) -> String {
    let arms = seriesColours.enumerated().map { "--arm\($0.offset):\(dark ? $0.element.dark : $0.element.light)" }
    let base = dark
      ? "--page:#14171c;--card:#1b1f26;--ink:#e6e9ee;--soft:#9aa4b1;--rule:#2c323c;--grid:#262c35;--bar:#4a5361;"
        + "--good:#58c79a;--bad:#e58a8a;--best:#243044;--band:#20252d;--warn:#d9a441;--link:#7fb2f0;"
      : "--page:#f6f7f9;--card:#ffffff;--ink:#1b2330;--soft:#66707d;--rule:#e1e5ea;--grid:#edf0f3;--bar:#c5cdd7;"
        + "--good:#12805a;--bad:#b53d3d;--best:#eaf1fd;--band:#f6f8fa;--warn:#a86700;--link:#1a5fae;"
    return base + arms.joined(separator: ";")
  }

  static var sheet: String {
    """
    :root{color-scheme:light dark;\(variables(dark: false))}
    @media (prefers-color-scheme:dark){:root{\(variables(dark: true))}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--page);color:var(--ink);
    font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    main{max-width:1180px;margin:0 auto;padding:40px 20px 60px}
    header{margin:0 4px 26px} header+header{margin-top:-20px} header p:last-child{margin-bottom:0}
    h1{font-size:30px;line-height:1.2;letter-spacing:-.015em;margin:0 0 6px;overflow-wrap:anywhere}
    h2{font-size:18px;line-height:1.3;letter-spacing:-.005em;margin:0 0 2px;overflow-wrap:anywhere}
    h3{font-size:13.5px;line-height:1.4;margin:0 0 4px;font-weight:600;overflow-wrap:anywhere}
    .block{font-size:22px;margin:34px 4px 10px}
    p{margin:0 0 10px;max-width:100ch;overflow-wrap:anywhere} .soft{color:var(--soft)} .lead{font-size:16px;color:var(--soft)}
    .remark{border-left:3px solid var(--warn);padding:2px 0 2px 12px}
    section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:20px 22px;margin:0 0 18px}
    section p.soft{font-size:13.5px} section>p:last-child{margin-bottom:0}
    .verdict{font-size:16px;font-weight:600;margin:4px 0 8px}
    .wide{overflow-x:auto;margin:0 0 10px} .wide svg{min-width:880px}
    .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:6px 0 12px;padding:0;list-style:none;font-size:14px}
    .legend li{display:flex;align-items:baseline;gap:7px;min-width:0} .legend span{min-width:0;overflow-wrap:anywhere}
    .chip{display:inline-block;width:11px;height:11px;min-width:11px;border-radius:3px;flex:none;margin-right:7px}
    .legend .chip{margin:0} .legend small{color:var(--soft)}
    .filters{display:flex;flex-wrap:wrap;gap:6px 18px;align-items:baseline;background:var(--page);padding:9px 6px;margin:0 0 12px;
    font-size:14px} .filters label{color:var(--soft);max-width:100%}
    .filters select{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--rule);border-radius:6px;
    padding:2px 4px;max-width:190px}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    th{font-weight:600;font-size:13px;color:var(--soft);text-align:right;padding:6px 12px;
    border-bottom:1px solid var(--rule);white-space:nowrap}
    td{text-align:right;padding:8px 12px;border-bottom:1px solid var(--rule);white-space:nowrap;font-size:15px;vertical-align:top}
    .scores,.plain{width:100%} tr:last-child td,tr:last-child th{border-bottom:0}
    tr.axis-name th{border-bottom:0;padding-bottom:0;font-weight:400;text-align:center}
    tr.group th{padding-top:16px;color:var(--ink);font-size:13.5px;background:none}
    th:first-child,td:first-child{text-align:left;padding-left:2px} tr.axis-name th+th{text-align:center}
    th.arm{font-size:14.5px;color:var(--ink);vertical-align:top;padding-top:8px;max-width:260px;min-width:110px;
    white-space:normal;overflow-wrap:anywhere}
    td small{display:block;font-size:12px;line-height:1.35;color:var(--soft)} .dev{font-size:12.5px;color:var(--soft);font-weight:400}
    td .up{color:var(--good)} td .down{color:var(--bad)} td .missing{color:var(--warn)}
    td.best{background:var(--best);font-weight:700} td.best small{font-weight:400}
    td.text{white-space:normal;text-align:left;overflow-wrap:anywhere;min-width:140px}
    .grid2{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(250px,100%),1fr));gap:16px 22px;margin:0 0 12px}
    .grid3{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(200px,100%),1fr));gap:16px 20px;margin:0 0 14px}
    .grid5{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(470px,100%),1fr));gap:18px 26px;margin:0 0 12px}
    .grid2>*,.grid3>*,.grid5>*{min-width:0}
    .grid3 .name-line{font-size:13px;margin:0 0 4px;overflow-wrap:anywhere}
    details{margin:6px 0 10px} details>summary{cursor:pointer;font-size:14px;color:var(--link);margin:0 0 8px}
    .small td,.settings td,.settings th{font-size:13.5px;padding:4px 12px}
    th.level{white-space:nowrap;overflow-wrap:normal}
    .small th.arm{font-size:13.5px;padding:4px 12px 4px 2px;white-space:nowrap;max-width:none}
    .settings td,.settings th{text-align:left;white-space:normal;overflow-wrap:anywhere;vertical-align:top}
    .settings td:first-child,.settings th:first-child{color:var(--soft);min-width:120px;padding-left:2px}
    .settings td+td{min-width:150px}
    code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
    svg{display:block;width:100%;height:auto;overflow:visible}
    svg text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--ink)}
    svg .tick{fill:var(--soft);font-size:11px} svg .name{fill:var(--soft);font-size:11.5px}
    svg .value{font-weight:600;font-size:11.5px}
    svg .halo{paint-order:stroke;stroke:var(--card);stroke-width:3.5px;stroke-linejoin:round;font-weight:600}
    .grid{stroke:var(--grid)} .axis{stroke:var(--rule)}
    .line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round} .thin{stroke-width:1.1} .spread{opacity:.16}
    .mean{stroke-width:1.6;stroke-dasharray:5 4} .faint{opacity:.35}
    .size{fill:var(--bar)} .band{fill:var(--band)} .stem{stroke:var(--bar);stroke-width:1.2}
    .whisker{stroke:var(--ink);stroke-width:1;opacity:.55}
    .cloud{fill:none;stroke-linecap:round;stroke-opacity:.72} .frame{fill:none;stroke:var(--rule)}
    svg.map:has(g:hover) g:not(:hover){opacity:.12} rect:hover,circle:hover{filter:brightness(1.15)}
    footer{color:var(--soft);font-size:13px;margin:22px 4px 0} footer p{margin:0 0 4px}
    @media(max-width:600px){main{padding:22px 10px 40px} section{padding:16px 12px} h1{font-size:25px}}
    @media(min-width:768px) and (min-height:600px){.filters{position:sticky;top:0;z-index:1}}
    @media print{body{background:#fff} section{break-inside:avoid} .filters{display:none}}
    """
  }
}
