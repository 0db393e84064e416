import Experiment
import RecipeLanguage

/// The language server under an editor whose messages are decided by bytes (`RandomEditor`, which tests run as well).
/// Built and run by `Scripts/fuzz LanguageServer`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLanguageServer(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  var editor = RandomEditor(UnsafeBufferPointer(start: data, count: size), limits: .untrusted)
  _ = editor.run()
  return 0
}
