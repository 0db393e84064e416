/// The version of this build, as `harmonia --version` prints it.
public enum HarmoniaVersion {
  public static let text = "0.1.0"
}
