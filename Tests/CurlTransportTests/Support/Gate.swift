import Dispatch
import Locks

/// Opened once; a test's tasks and a server's threads wait for it.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (self.stream, self.continuation) = AsyncStream.makeStream()
    }

    func open() {
        self.semaphore.signal()
        self.continuation.finish()
    }

    /// Waits in a task.
    func wait() async {
        for await _ in self.stream {}
    }

    /// Waits on a thread; one alone.
    func block() {
        self.semaphore.wait()
        self.semaphore.signal()
    }
}
