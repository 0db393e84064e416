import Experiment
import Foundation
import TestSupport
import Testing

/// What users get wrong is said before anything starts, with the place and what to do.
@Suite struct MistakeTests {
  @Test(arguments: [
    ("data.batch=0", "must be at least 2"), ("data.batch=1", "must be at least 2"),
    ("harmonious.method.gh.sinkhorn.lambda=0", "must be above 0"),
    ("harmonious.method.gh.sinkhorn.lambda=1e-50", "too small for single precision"),
    ("harmonious.method.gh.structure.classes=300", "300 vectors of equal angles do not fit in dimension 8"),
    ("harmonious.method.gh.structure.dimension=16", "dimension 16, but embeddings have 8"),
    ("harmonious.method.gh.starts=4ep", "GH starts after 4 epochs, but the run has only 4"),
    ("harmonious.method.gh.prior=momentum_prior(floor: -1)", "must be at least 0"),
    ("harmonious.method.gh.prior=momentum_prior(floor: -1%)", "must be at least 0"),
    ("harmonious.method.gh.prior=momentum_prior(refresh: 1step)", "not a whole number of epochs"),
    ("harmonious.method.gh.prior=soft_prior(temperature: 0)", "must be 0.001"),
    ("harmonious.method.gh.prior=true_prior(refresh: 0ep)", "must be above 0"),
    ("harmonious.method.gh=gh(structure: simplex(classes: 4, dimension: 8), prior: true_prior())", "3 classes and 4 vectors"),
    ("harmonious.method.gh=gh(structure: simplex(classes: 3, dimension: 8), align: .centres)", "before there are any"),
    ("harmonious.method.gh=gh(structure: spread(classes: 22, dimension: 8), align: .centers)", "centres"),
    (
      "harmonious.method.gh=gh(structure: spread(classes: 22, dimension: 8), starts: 1ep, align: .centres)",
      "22 centres are looked for among 21 images"
    ),
    ("length=5step", "not a whole number of epochs"), ("data.source.imbalance=0.5", "must be at least 1"),
    ("data.source.order=[0, 1]", "not one of the 3 classes"),
    ("data.source.order=[0, 1, 1]", "not one of the 3 classes"),
    ("data.source.source.images=\"nowhere\"", "nowhere: no such file"),
    ("data.source.source.images=\"train-labels\"", "train-labels: "), ("evaluate=every(2ep)", "no probe"),
    ("checkpoint=every(2ep, linear_probe())", "takes an interval and no probe"),
    ("seed=-1", "must be at least 0"),
    ("evaluate=linear_probe(lr: 0.001, final_lr: 0.01)", "`final_lr` 0.01 is above `lr` 0.001"),
    ("evaluate=nearest_neighbours(k: 37)", "37 neighbours are looked for among 36 images"),
    ("evaluate=linear_probe(neighbours: 22, train: .training)", "22 neighbours are looked for among 21 images"),
    ("model.backbone=resnet50(width: 4096)", "the network cannot be built for these images: 113,217,531,920 parameters"),
    ("method=bcl(operations: 0)", "must be 1…15"), ("method=bcl(momentum: 1)", "must be"),
    ("method=bcl(max_strength: 31)", "must be 0…30"), ("method=bcl(bcl())", "keep one `bcl(…)`"),
    ("method=bcl(min_strength: 20, max_strength: 10)", "the least strength 20.0 is above the greatest, 10.0"),
    (
      "method=bcl(simclr() + gh(structure: simplex(classes: 3, dimension: 8)))",
      "the loss of `gh` is not known image by image"
    ),
    ("method=rwsam(bandwidth: 0)", "must be above 0"), ("method=rwsam(bandwidth: -1)", "must be above 0"),
    ("method=rwsam(rho: 0)", "must be above 0"), ("method=rwsam(rho: -1)", "must be above 0"),
    ("method=rwsam(exponent: -1)", "must be 0…100"), ("method=rwsam(rwsam())", "keep one `rwsam(…)`"),
    ("method=bcl(rwsam())", "write `rwsam(bcl(…))`"), ("method=sdclr(rwsam())", "`rwsam(…)` around it"),
    (
      "method=rwsam(simclr() + gh(structure: simplex(classes: 3, dimension: 8)))",
      "`gh` is not re-weighted, and takes part in both passes"
    ),
    ("method=sdclr(bcl())", "with `bcl(…)` or `rwsam(…)` around it"), ("method=bcl(variant: .dense)", "damaging"),
    ("optimizer.lr=hold(0.1, until: 2ep)", "the run goes on to"), ("optimiser.lr=0.1", "optimizer"),
  ])
  func aMistakeIsSaid(override: String, message: String) throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    #expect(tiny.command(set: [override]).run(lines.console) == .badRecipe)
    #expect(lines.all.contains(message), "\(lines.all)")
    #expect(lines.all.contains("-->") && lines.all.contains("error["))
    #expect(!tiny.exists("run"))
  }

  @Test func fiveMistakesAreFiveDiagnostics() throws {
    let tiny = try TinyExperiment(
      """
      edition 1
      recipe r {
        length = 4ep
        data = two_views(source: idx("train-images"), augment: .simclr(size: 12), batch: 0)
        model = encoder(resnet18(stem: .cifer))
        method = simclr(tempreature: 0.2)
        optimizer = sgd(lr: 0.1, momentum: 2)
        checkpoints = every(3ep)
      }
      """)
    let lines = Lines()
    #expect(CheckCommand(recipe: RecipeRequest(file: tiny.recipe.path)).run(lines.console) == .badRecipe)
    #expect(lines.all.components(separatedBy: "error[").count == 6, "\(lines.all)")
    let json = Lines()
    _ = CheckCommand(recipe: RecipeRequest(file: tiny.recipe.path), json: true).run(json.console)
    #expect(json.out.count == 5)
    for line in json.out { #expect(throws: Never.self) { try JSONValue(parsing: Data(line.utf8)) } }
  }

  @Test func imagesWithoutLabelsCannotBeSelectedOrMeasured() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(of: ", labels: \"train-labels\"", with: ""))
    let lines = Lines()
    #expect(tiny.command().run(lines.console) == .badRecipe)
    #expect(lines.all.contains("`long_tail` needs labels"))
  }

  @Test func aMissingRecipeOrNameIsSaid() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    #expect(tiny.command(recipes: ["simclr"]).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("has no recipe `simclr`; there is: plain, harmonious"))
    #expect(RunCommand(recipe: RecipeRequest(file: "/nowhere.recipe")).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("/nowhere.recipe"))
  }

  @Test func aFileThatIsNoTextIsNotQuoted() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    let command = CheckCommand(recipe: RecipeRequest(file: tiny.folder.file("train-images").path))
    #expect(command.run(lines.console) == .badRecipe)
    #expect(lines.all.contains("it is not a text file"))
    #expect(!lines.all.contains("\0"))
    try Data().write(to: tiny.folder.file("empty.recipe"))
    let empty = CheckCommand(recipe: RecipeRequest(file: tiny.folder.file("empty.recipe").path))
    #expect(empty.run(lines.console) == .success)
  }

  @Test func basesAreNotRun() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(of: "seed = 5", with: "seed = 5\n  base = true\n  evaluate = none")
        .replacingOccurrences(
          of: "  evaluate = every(2ep, linear_probe(epochs: 20, batch: 16, neighbours: 3))\n", with: ""))
    let lines = Lines()
    #expect(tiny.command(set: ["length=3ep"]).run(lines.console) == .success, "\(lines.all)")
    #expect(!tiny.exists("run/plain"))
    #expect(tiny.exists("run/harmonious/arm.json"))
    #expect(try ArmFolder(tiny.folder.file("run/harmonious")).finishedResult()?.scores == nil)
  }
}
