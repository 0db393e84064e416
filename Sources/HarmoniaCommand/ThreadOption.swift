import ArgumentParser

struct ThreadOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Threads to use, 1…64; all cores if left out. Results do not depend on it.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...64).contains(threads) {
      throw ValidationError("--threads is \(threads); 1…64 are possible")
    }
  }
}
