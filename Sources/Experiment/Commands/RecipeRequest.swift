import Foundation
import Kernels
import RecipeLanguage
import VisibleText

public typealias ConvolutionAlgorithm = Convolution.Algorithm
public typealias RecipeLimits = Limits

/// A recipe file as named on a command line, with overrides and a choice of its recipes.
public struct RecipeRequest: Hashable, Sendable {
  public var file: String
  /// `path=value` each.
  public var overrides: [String]
  /// Names of recipes; empty for all that are not bases.
  public var recipes: [String]
  /// `--convolution`: `model.convolution` of every recipe, over what `overrides` say.
  public var convolution: ConvolutionAlgorithm?
  public var limits: RecipeLimits

  public init(
    file: String, overrides: [String] = [], recipes: [String] = [], convolution: ConvolutionAlgorithm? = nil,
    limits: RecipeLimits = RecipeLimits()
  ) {
    self.file = file
    self.overrides = overrides
    self.recipes = recipes
    self.convolution = convolution
    self.limits = limits
  }

  /// The file's name without folder and ending: what default run folders are called.
  public var stem: String { URL(filePath: file).deletingPathExtension().lastPathComponent }

  /// The checked program, or nil after its diagnostics have been printed.
  package func load(_ console: Console, json: Bool = false) -> Program? {
    var all = overrides.map { Override($0) }
    if let convolution { all.append(Override("model.convolution=.\(convolution)", option: "--convolution")) }
    let (program, diagnostics) = Program.load(file, catalogue: RecipeCatalogue.shared, overrides: all, limits: limits)
    DiagnosticPrinter(json: json).print(diagnostics, to: console)
    return diagnostics.hasErrors ? nil : program
  }

  /// The recipes to run, in the file's order, cells of sweeps after recipes; the name of a sweep stands for all of its
  /// cells. Nil after saying which name is not there.
  package func selection(of program: Program, _ console: Console) -> [ResolvedRecipe]? {
    let all = program.recipes + program.sweeps.flatMap { $0.cells.map(\.recipe) }
    guard !recipes.isEmpty else { return all.filter { !$0.isBase } }
    var wanted = Set(recipes)
    for sweep in program.sweeps where wanted.contains(sweep.name) {
      wanted.formUnion(sweep.cells.map(\.recipe.name))
    }
    let names = Set(all.map(\.name) + program.sweeps.map(\.name))
    for name in recipes where !names.contains(name) {
      let known = (program.recipes.map(\.name) + program.sweeps.map(\.name)).joined(separator: ", ")
      console.err("error: \(file) has no recipe `\(name)`; there is: \(known.isEmpty ? "none" : known)".visibleLine)
      return nil
    }
    return all.filter { wanted.contains($0.name) }
  }
}
