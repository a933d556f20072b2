internal import ServiceLifecycle

/// Waits until something is so; `false` if the task was cancelled or told to end before.
///
/// It is asked for and not told of: it happens once, and ten stores would each have to tell.
func becomesTrue(_ isSo: @Sendable () -> Bool, time: TimeSource) async -> Bool {
    while !isSo() {
        guard (try? await time.sleep(.milliseconds(10))) != nil, !Task.isShuttingDownGracefully else { return false }
    }
    return true
}
