import Foundation

/// What is left to this process of the address space it may have: `ulimit -v`, `ulimit -d`.
package enum AddressSpace {
  /// Bytes; nil where they are not limited.
  package static var left: Int? {
    #if os(Linux)
      let limits = [
        softLimit(Resource(RLIMIT_AS.rawValue)).map { $0 - taken(0) }, softLimit(Resource(RLIMIT_DATA.rawValue)).map { $0 - taken(5) },
      ]
    #else
      let limits = [softLimit(RLIMIT_AS).map { $0 - taken(0) }]
    #endif
    return limits.compactMap { $0 }.min().map { max(0, $0) }
  }

  #if os(Linux)
    private typealias Resource = __rlimit_resource_t
  #else
    private typealias Resource = Int32
  #endif

  private static func softLimit(_ resource: Resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < 1 << 47 else { return nil }
    return Int(limit.rlim_cur)
  }

  /// Bytes by a field of `/proc/self/statm`, which counts pages; 0 where there is none.
  private static func taken(_ field: Int) -> Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").compactMap { Int($0) }
    guard let pages, pages.count > field else { return 0 }
    return pages[field] * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
