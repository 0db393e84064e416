/// The two parts a published data set comes in.
public enum DataSplit: String, CaseIterable, Hashable, Sendable {
  case train
  case test
}
