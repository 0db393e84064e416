/// What the header of a `.npy` file says: a Python dictionary of exactly `descr`, `fortran_order` and `shape`.
struct NpyHeader {
  var type: ElementType
  var isBigEndian: Bool
  /// Column-major: the first axis is the closest.
  var isFortran: Bool
  var shape: [Int]

  /// - Parameter allowsLong: whether numbers may end in `L`, as Python 2 wrote them (versions 1 and 2 of the format).
  /// - Throws: ``PythonLiteral/Problem``.
  init(parsing text: String, allowsLong: Bool) throws {
    guard case .dictionary(let entries) = try PythonLiteral(parsing: text, allowsLong: allowsLong) else {
      throw PythonLiteral.Problem("is not a dictionary")
    }
    var fields: [String: PythonLiteral] = [:]
    for (key, value) in entries {
      guard case .text(let name) = key, ["descr", "fortran_order", "shape"].contains(name) else {
        throw PythonLiteral.Problem("has the key \(key), which is none of descr, fortran_order and shape")
      }
      guard fields.updateValue(value, forKey: name) == nil else { throw PythonLiteral.Problem("has \(name) twice") }
    }
    guard let descr = fields["descr"], let order = fields["fortran_order"], let shape = fields["shape"] else {
      let missing = ["descr", "fortran_order", "shape"].filter { fields[$0] == nil }
      throw PythonLiteral.Problem("lacks \(missing.joined(separator: ", "))")
    }
    (type, isBigEndian) = try Self.elementType(descr)
    guard case .bool(let isFortran) = order else {
      throw PythonLiteral.Problem("has fortran_order \(order), which is neither True nor False")
    }
    self.isFortran = isFortran
    guard case .tuple(let extents) = shape else {
      throw PythonLiteral.Problem("has shape \(shape), which is not a tuple")
    }
    self.shape = try extents.map { extent in
      guard case .integer(let number) = extent, number >= 0 else {
        throw PythonLiteral.Problem("has \(extent) in its shape, which is not a whole number from 0 on")
      }
      return number
    }
  }

  /// numpy's names of element types: `<f4`, `>i8`, `float32`.
  private static func elementType(_ descr: PythonLiteral) throws -> (ElementType, isBigEndian: Bool) {
    guard case .text(let name) = descr else {
      throw PythonLiteral.Problem("has a structured element type (descr \(descr)), which is not read; save its fields")
    }
    if let type = names[name] { return (type, false) }
    let order = name.first.flatMap { "<>=|".contains($0) ? $0 : nil }
    let code = String(order == nil ? name[...] : name.dropFirst())
    if let type = codes[code] { return (type, order == ">" && type.size > 1) }
    let known = ElementType.allCases.compactMap(\.npyDescription).joined(separator: ", ")
    guard code != "O" && code != "object" else {
      throw PythonLiteral.Problem("says that its elements are Python objects, which are not read (\(known) are)")
    }
    throw PythonLiteral.Problem("has element type '\(name)', which is not read (\(known) are)")
  }

  private static let codes: [String: ElementType] = [
    "b1": .bool, "?": .bool, "u1": .uint8, "B": .uint8, "i1": .int8, "b": .int8, "u2": .uint16, "H": .uint16,
    "i2": .int16, "h": .int16, "u4": .uint32, "I": .uint32, "i4": .int32, "i": .int32, "u8": .uint64, "L": .uint64,
    "Q": .uint64, "i8": .int64, "l": .int64, "q": .int64, "f2": .float16, "e": .float16, "f4": .float32,
    "f": .float32, "f8": .float64, "d": .float64,
  ]

  private static let names: [String: ElementType] = [
    "bool": .bool, "uint8": .uint8, "int8": .int8, "uint16": .uint16, "int16": .int16, "uint32": .uint32,
    "int32": .int32, "uint64": .uint64, "int64": .int64, "uint": .uint64, "int": .int64, "float16": .float16,
    "half": .float16, "float32": .float32, "single": .float32, "float64": .float64, "double": .float64,
    "float": .float64,
  ]
}

extension ElementType {
  /// The name in a `.npy` header, little-endian; nil for bfloat16, which numpy lacks.
  var npyDescription: String? {
    switch self {
    case .bool: "|b1"
    case .uint8: "|u1"
    case .int8: "|i1"
    case .uint16: "<u2"
    case .int16: "<i2"
    case .uint32: "<u4"
    case .int32: "<i4"
    case .uint64: "<u8"
    case .int64: "<i8"
    case .float16: "<f2"
    case .bfloat16: nil
    case .float32: "<f4"
    case .float64: "<f8"
    }
  }
}
