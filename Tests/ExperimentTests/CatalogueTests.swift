import Experiment
import Testing

/// The words of recipes fit together: types are registered, defaults have the type and range of their fields.
@Suite struct CatalogueTests {
  @Test func theCatalogueIsSound() { #expect(RecipeCatalogue.shared.problems() == []) }
}
