import ArgumentParser

@main struct HarmoniaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "harmonia")
}
