/// Waits until something holds that other tasks bring about.
///
/// It looks every millisecond and gives up after 2 min, so that only a test that fails takes long: under a sanitizer, on a
/// machine that others use too, a task may wait half a minute for its turn.
///
/// - Returns: Whether it came to hold.
public func eventually(_ condition: () async -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
        if await condition() { return true }
        guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return false }
    }
    return await condition()
}
