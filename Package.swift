// swift-tools-version: 6.2
import PackageDescription

// The C kernels are always optimised, so that debug tests run at full speed; the portable build
// carries no ISA flags: AVX2 code is marked in the source and chosen at run time.
let cSettings: [CSetting] = [
  .unsafeFlags(["-O3"]),
  .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]
let swiftSettings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func module(_ name: String, _ dependencies: [Target.Dependency], pages: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: pages, swiftSettings: swiftSettings)
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies + ["TestSupport"], swiftSettings: swiftSettings)
}

// Fuzz targets have no main function of their own, so they are there only when Scripts/fuzz asks for them.
let fuzzers: [Target] =
  Context.environment["HARMONIA_FUZZ"] == nil
  ? []
  : ["Language", "LanguageServer"].map { name in
    .executableTarget(
      name: "Fuzz\(name)", dependencies: ["Experiment", "RecipeLanguage"], path: "Tests/Fuzz/\(name)",
      swiftSettings: swiftSettings + [.unsafeFlags(["-parse-as-library"])])
  }

let package = Package(
  name: "harmonia",
  products: [
    .library(name: "Harmonia", targets: ["Harmonia"]),
    .library(name: "RecipeLanguage", targets: ["RecipeLanguage"]),
    .executable(name: "harmonia", targets: ["HarmoniaCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  ],
  targets: [
    // System libraries
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // Who may import whom: ARCHITECTURE in README; checked by Scripts/check-imports
    .target(
      name: "CKernels", dependencies: ["COpenBLAS"], path: "CKernels", cSettings: cSettings,
      linkerSettings: [.linkedLibrary("lapacke"), .linkedLibrary("m"), .linkedLibrary("pthread")]),
    .target(name: "CImageCodecs", dependencies: ["CJPEG", "CPNG"], cSettings: cSettings),
    module("Kernels", ["CKernels"]),
    module("VisibleText", []),
    module("TensorFiles", ["Kernels", "VisibleText"]),
    module("NeuralNet", ["Kernels"]),
    module("Objectives", ["NeuralNet"]),
    module("DataPipeline", ["Kernels", "CImageCodecs", "CArchive", "CZlib", "VisibleText"]),
    module("Training", ["NeuralNet", "Objectives", "DataPipeline", "TensorFiles"]),
    module("Evaluation", ["NeuralNet", "DataPipeline"]),
    module("RecipeLanguage", ["VisibleText"], pages: ["SPEC.md", "grammar.ebnf"]),
    module(
      "Experiment",
      [
        "Kernels", "TensorFiles", "NeuralNet", "Objectives", "DataPipeline", "Training", "Evaluation",
        "RecipeLanguage", "VisibleText", .product(name: "Logging", package: "swift-log"),
      ], pages: ["Catalogue/REFERENCE.md"]),
    module(
      "Harmonia",
      ["Kernels", "TensorFiles", "NeuralNet", "Objectives", "DataPipeline", "Training", "Evaluation"]),
    // What the program does before its libraries begin
    .target(name: "CStart", cSettings: cSettings),
    .executableTarget(
      name: "HarmoniaCommand",
      dependencies: [
        "Experiment", "CStart", "VisibleText", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),

    // Tests
    .target(
      name: "TestSupport", dependencies: ["TensorFiles", "Kernels", "RecipeLanguage"], path: "Tests/TestSupport",
      swiftSettings: swiftSettings),
    tests("KernelsTests", ["Kernels", "CKernels"]),
    tests("TensorFilesTests", ["TensorFiles"]),
    tests("NeuralNetTests", ["NeuralNet"]),
    tests("ObjectivesTests", ["Objectives"]),
    tests("DataPipelineTests", ["DataPipeline", "CArchive", "CZlib"]),
    tests("TrainingTests", ["Training"]),
    tests("EvaluationTests", ["Evaluation"]),
    tests("RecipeLanguageTests", ["RecipeLanguage", "EmbeddingExample"]),
    // A program that brings words of its own to the language: what its documentation points to.
    .executableTarget(
      name: "EmbeddingExample", dependencies: ["RecipeLanguage"], path: "Tests/EmbeddingExample",
      swiftSettings: swiftSettings),
    // The Swift example of README.md as its reader has it.
    .executableTarget(
      name: "ReadmeExample", dependencies: ["Harmonia"], path: "Tests/ReadmeExample", swiftSettings: swiftSettings),
    tests("HarmoniaTests", ["Harmonia", "ReadmeExample"]),
    tests("ExperimentTests", ["Experiment"]),
  ] + fuzzers
)

// The sanitizers build what they test and nothing else: HARMONIA_TESTS="KernelsTests TensorFilesTests".
if let tests = Context.environment["HARMONIA_TESTS"] {
  var wanted = Set(tests.split(separator: " ").map(String.init))
  var before = 0
  while before < wanted.count {
    before = wanted.count
    for target in package.targets where wanted.contains(target.name) {
      for case .byNameItem(let name, _) in target.dependencies { wanted.insert(name) }
    }
  }
  package.targets.removeAll { !wanted.contains($0.name) }
  package.products = []
}
