import Foundation
import Synchronization
import VisibleText

/// What a progress line shows.
public struct ProgressReport: Hashable, Sendable {
  public var arm: String
  public var step: Int
  public var steps: Int
  public var epoch: Double
  public var epochs: Double
  public var loss: Double
  public var rate: Double
  public var imagesPerSecond: Double
  /// Seconds left, nil before they can be guessed.
  public var secondsLeft: Double?
  /// Share of the time in which training waited for images, 0…1.
  public var waiting: Double

  public init(
    arm: String, step: Int, steps: Int, epoch: Double, epochs: Double, loss: Double, rate: Double,
    imagesPerSecond: Double, secondsLeft: Double?, waiting: Double
  ) {
    self.arm = arm
    self.step = step
    self.steps = steps
    self.epoch = epoch
    self.epochs = epochs
    self.loss = loss
    self.rate = rate
    self.imagesPerSecond = imagesPerSecond
    self.secondsLeft = secondsLeft
    self.waiting = waiting
  }

  /// `simclr  epoch 3.4/20  loss 5.1234  rate 0.412  1843 images/s  1:12 left`
  public var text: String {
    var parts = [
      arm, String(format: "epoch %.1f/%.0f", epoch, epochs), String(format: "loss %.4f", loss),
      "rate " + Self.significant(rate), String(format: "%.0f images/s", imagesPerSecond),
    ]
    if let secondsLeft { parts.append(Self.clock(secondsLeft) + " left") }
    if waiting > 0.05 { parts.append(String(format: "%.0f%% waiting for images", waiting * 100)) }
    return parts.joined(separator: "  ")
  }

  static func significant(_ value: Double) -> String { String(format: "%.3g", value) }

  /// `0:07`, `12:34`, `3:04:05`, `2 d 3 h`.
  public static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let total = Int(max(0, seconds).rounded())
    if total >= 86_400 { return "\(total / 86_400) d \(total % 86_400 / 3600) h" }
    let tail = String(format: "%02d", total % 60)
    if total >= 3600 { return "\(total / 3600):" + String(format: "%02d", total % 3600 / 60) + ":" + tail }
    return "\(total / 60):" + tail
  }
}

/// Progress on a console: one line written over again on a terminal; elsewhere a line now and then.
public final class ProgressLine: Sendable {
  private struct State {
    var lastShown: ContinuousClock.Instant?
    var lineIsOpen = false
  }
  private let state = Mutex(State())
  private let console: Console
  private let interval: Duration

  public init(_ console: Console) {
    self.console = console
    interval = console.isTerminal ? .milliseconds(200) : .seconds(10)
  }

  /// Shows the report unless the last one is too fresh.
  public func show(_ report: ProgressReport) { show(report.text) }

  /// Shows a line of the same kind.
  func show(_ text: @autoclosure () -> String) {
    let now = ContinuousClock.now
    state.withLock { state in
      if let last = state.lastShown, now - last < interval { return }
      state.lastShown = now
      if console.isTerminal {
        Self.write("\r\u{1B}[2K" + Self.cut(text().visibleLine))
        state.lineIsOpen = true
      } else {
        console.err(text().visibleLine)
      }
    }
  }

  /// A sentence on a line of its own.
  public func say(_ text: String) {
    state.withLock { state in
      if state.lineIsOpen { Self.write("\r\u{1B}[2K") }
      console.err(text.visibleLine)
      state.lineIsOpen = false
    }
  }

  /// Leaves the last report standing and forgets when it was shown.
  public func end() {
    state.withLock { state in
      if state.lineIsOpen { Self.write("\n") }
      state = State()
    }
  }

  /// Cuts a line to the terminal's width, so that it can be written over.
  private static func cut(_ text: String) -> String {
    var size = winsize()
    let columns = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    return text.count < columns ? text : String(text.prefix(columns - 1))
  }

  private static func write(_ text: String) { _ = StandardStream.write(text.utf8, to: STDERR_FILENO) }
}
