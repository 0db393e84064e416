import Foundation
import Kernels
import RecipeLanguage

/// What this process may have of the machine's memory, where it is limited: `ulimit -v`, `ulimit -d`, a control group.
enum MemoryLimit {
  /// Bytes of address space for whatever is neither tensors nor BLAS.
  private static let margin = 48 << 20

  /// Bytes that this process may have in memory, by the address space that was left when this was first asked for; nil
  /// where it is not limited. Later on, what it holds for reuse counts as taken.
  static let addressSpace = AddressSpace.left.map { $0 + ProcessMemory.residentBytes }

  /// The machine's memory, or less where this process may have less.
  static var memory: Int { min(machine, ControlGroup.memory ?? .max) }
  static let machine = Int(ProcessInfo.processInfo.physicalMemory)

  /// Takes no more threads than there is room for. False, with the reason said, where there is none for a single one.
  ///
  /// Where address space is limited, the workspaces of BLAS are taken now: it waits for ever for one that there is no room
  /// for later. Half of what is left stays for tensors.
  static func admitsComputing(_ console: Console, threads: Int?) -> Bool {
    guard let left = AddressSpace.left else {
      if let threads { Threads.count = threads }
      return true
    }
    let wanted = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let most = min(wanted, max(1, left / 2 / Threads.workspaceOfBLAS))
    let had = left < margin + Threads.workspaceOfBLAS ? 0 : Threads.takeWorkspacesOfBLAS(most)
    guard had > 0 else {
      console.err(
        "error: \(PlanText.bytes(left)) of address space are left to this process, and computing takes "
          + "\(PlanText.bytes(margin + Threads.workspaceOfBLAS)): raise `ulimit -v` or `ulimit -d`")
      return false
    }
    Threads.count = had
    if wanted > had {
      console.err("note: \(had) thread\(had == 1 ? "" : "s") of \(wanted): there is address space for no more (`ulimit -v`)")
    }
    _ = addressSpace  // before tensors take of it
    return true
  }

  /// From now on, a tensor for which there is no memory ends the process with a sentence; it cannot be thrown from the
  /// middle of a step. What was saved stays.
  static func endsWithASentence() {
    BufferPool.whenExhausted { bytes in
      Interruption.shared.end(
        "error: there is no memory for a tensor of \(PlanText.bytes(bytes)): use a smaller batch, a narrower network or fewer "
          + "threads, or raise the limit (`ulimit -v`, `ulimit -d`); what was saved is kept\n", .failedRun)
    }
  }
}
