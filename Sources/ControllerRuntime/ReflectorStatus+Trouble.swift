extension ReflectorStatus {
    /// How long nothing may be heard before a copy counts as stale.
    ///
    /// A watch lives for ten minutes at most, and where the server sends no bookmarks its end is all that is heard of it.
    public static let patience = Duration.seconds(11 * 60)

    /// Why the copy cannot be decided on, in one line; `nil` where it can.
    ///
    /// - Parameter now: The monotonic time.
    public func trouble(at now: ContinuousClock.Instant) -> String? {
        if let refusal = self.refusal { return refusal }
        let place = self.namespace.map { " in namespace \($0)" } ?? ""
        guard self.isSynced, let lastHeard = self.lastHeard else { return "not synced yet\(place)" }
        let silence = now - lastHeard
        guard silence > Self.patience else { return nil }
        return "stale: nothing was heard for \(silence.components.seconds) s\(place)"
    }
}
