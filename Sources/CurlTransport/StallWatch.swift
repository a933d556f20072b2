/// Decides when libcurl has to be reminded of a transfer that had been paused.
///
/// Over HTTP/2, libcurl 7.88 (Debian 12) now and then forgets the last bytes of a stream whose end came while it was
/// paused: they lie in its buffer, and nothing makes it look there until the transfer is paused and resumed once more.
/// Seen in a few of a hundred streams that pause often; one reminder was enough each time.
struct StallWatch {
    /// A stream that is merely quiet is disturbed this often after its last pause, and then no more.
    private static let reminders = 6
    private static let interval = Duration.milliseconds(500)

    private var remindersLeft = 0
    private var lastSign: ContinuousClock.Instant

    init(start: ContinuousClock.Instant) {
        self.lastSign = start
    }

    /// The transfer was paused: what is described above may happen from now on.
    mutating func pause() {
        self.remindersLeft = Self.reminders
    }

    /// Bytes have come, or the transfer was resumed.
    mutating func touch(_ now: ContinuousClock.Instant) {
        self.lastSign = now
    }

    /// The instant of the next reminder, if there has to be one.
    var next: ContinuousClock.Instant? {
        self.remindersLeft > 0 ? self.lastSign + Self.interval : nil
    }

    /// Whether it is time for a reminder, which is then taken as given.
    mutating func takeReminder(_ now: ContinuousClock.Instant) -> Bool {
        guard let next = self.next, next <= now else { return false }
        self.remindersLeft -= 1
        self.lastSign = now
        return true
    }
}
