import CKernels

/// 64 bits that tell contents from others which somebody has by mistake. The same on every machine.
public enum ContentDigest {
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 { ck_digest(bytes.baseAddress, bytes.count) }

  public static func of(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { of($0) } }

  /// Of several, in order.
  public static func of(_ digests: [UInt64]) -> UInt64 { digests.withUnsafeBytes { of($0) } }
}
