import Foundation
import Kernels
import RecipeLanguage
import TensorFiles

/// Reading and writing tensors in scripts; paths are relative to the recipe file.
extension RecipeCatalogue {
  static let files: [FunctionDefinition] = [
    FunctionDefinition(
      "load", doc: "A tensor from a .safetensors or .npy file.",
      parameters: [
        FieldDefinition("path", .string, positional: true, doc: "The file, relative to the recipe."),
        FieldDefinition(
          "tensor", .optional(.string), positional: true, doc: "Its name; needed if the file has several."),
      ], result: TensorValues.type, effects: [.read], work: { 8 * bytes(of: url($0, $1)) }
    ) { arguments, context in
      let url = url(arguments, context)
      if let problem = context.limits.problem(ofBytes: bytes(of: url), of: url.lastPathComponent) { throw problem }
      return TensorValues.value(try load(url, arguments["tensor"].stringValue))
    },
    FunctionDefinition(
      "save", doc: "Writes a tensor to a .npy or .safetensors file.",
      parameters: [
        FieldDefinition("x", TensorValues.type, positional: true, doc: "What is written."),
        FieldDefinition("path", .string, positional: true, doc: "The file, relative to the recipe."),
        FieldDefinition("tensor", .string, default: .value("tensor"), doc: "Its name in a .safetensors file."),
      ], result: .nothing, effects: [.write]
    ) { arguments, context in
      let url = url(arguments, context)
      let file = FileTensor(arguments.tensor("x"))
      switch url.pathExtension {
      case "npy": try Npy.write(file, to: url)
      case "safetensors": try SafeTensors.write(tensors: [arguments.string("tensor"): file], to: url)
      default: throw CallError("`\(url.lastPathComponent)` should end in .npy or .safetensors", argument: "path")
      }
      return .none
    },
  ]

  private static func url(_ arguments: Arguments, _ context: CallContext) -> URL {
    RecipePaths.url(arguments.string("path"), recipe: context.span.file.name)
  }

  /// Of a file; 0 for none.
  private static func bytes(of url: URL) -> Double {
    let size = try? FileManager.default.attributesOfItem(atPath: url.path(percentEncoded: false))[.size]
    return (size as? NSNumber)?.doubleValue ?? 0
  }

  private static func load(_ url: URL, _ name: String?) throws -> Tensor {
    if url.pathExtension == "npy" { return try Npy.read(url).tensor }
    let tensors = try SafeTensors.read(url).tensors
    if name == nil, tensors.count == 1, let only = tensors.values.first { return only.tensor }
    let known = tensors.keys.sorted().joined(separator: ", ")
    guard let name else {
      throw CallError("\(url.lastPathComponent) has \(tensors.count) tensors; name one of: \(known)", argument: "path")
    }
    guard let tensor = tensors[name] else {
      throw CallError("\(url.lastPathComponent) has no tensor `\(name)`; there is: \(known)", argument: "tensor")
    }
    return tensor.tensor
  }
}

/// Where the paths in a recipe point.
public enum RecipePaths {
  /// An absolute path as it is; a relative one below the recipe file's folder or, if nothing is there, below the
  /// working folder when something is.
  public static func url(_ path: String, recipe: String) -> URL {
    if path.hasPrefix("/") { return URL(filePath: path) }
    let beside = URL(filePath: recipe).deletingLastPathComponent().appending(path: path)
    let here = URL(filePath: path)
    let files = FileManager.default
    if !files.fileExists(atPath: beside.path(percentEncoded: false)),
      files.fileExists(atPath: here.path(percentEncoded: false))
    {
      return here
    }
    return beside
  }
}
