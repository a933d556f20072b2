internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import Logging

/// A watch that begins with all objects, where the server has such.
extension Reflector {
    struct Initial: Sendable {
        var copy: Copy
        var stream: WatchStream
    }

    /// Opens a watch that begins with all objects, and reads as far as these go.
    ///
    /// It is given up when nothing comes for a while, or no end after a long one: a server that does not know the
    /// parameter goes on for ever.
    func initialStream(_ liveness: StreamLiveness) async -> (ReflectorMachine.Input, Initial?) {
        let lastEvent = Locked(self.time.now())
        return await withTaskGroup(of: (ReflectorMachine.Input, Initial?).self) { group in
            group.addTask { await self.readInitialEvents(liveness, lastEvent) }
            group.addTask { await self.waitForSilence(lastEvent) }
            let first = await group.next()
            group.cancelAll()
            return first ?? (.stop, nil)
        }
    }

    private func readInitialEvents(
        _ liveness: StreamLiveness,
        _ lastEvent: Locked<ContinuousClock.Instant>
    ) async -> (ReflectorMachine.Input, Initial?) {
        let timeout = watchDuration(random: self.time.random())
        do {
            var copy = Copy()
            var stream = try await self.client.watch(
                self.selection,
                .withInitialEvents,
                timeout: timeout,
                idle: liveness.idleLimit(timeout: timeout)
            )
            self.figures.withLock { $0.watches += 1 }
            while let event = try await stream.next() {
                lastEvent.withLock { $0 = self.time.now() }
                self.heard()
                switch event {
                case .added(let object), .modified(let object): self.read(object, into: &copy)
                case .deleted(let object):
                    copy.objects[object.metadata.key] = nil
                    copy.unreadable.remove(object.metadata.key)
                case .bookmark(let version, let endsInitialEvents):
                    guard endsInitialEvents else { continue }
                    return (.initialEvents(end: version), Initial(copy: copy, stream: stream))
                case .failed(let status):
                    return (.streamFailed(self.reported(status)), nil)
                }
            }
            return (Task.isCancelled ? .stop : .streamFailed(self.broken()), nil)
        } catch {
            if self.isOver(error) { return (.stop, nil) }
            self.report(error)
            return (.streamFailed(error), nil)
        }
    }

    private func waitForSilence(
        _ lastEvent: Locked<ContinuousClock.Instant>
    ) async -> (ReflectorMachine.Input, Initial?) {
        let end = self.time.now() + longestInitialStream
        while true {
            let limit = min(lastEvent.withLock { $0 } + longestInitialSilence, end)
            let left = limit - self.time.now()
            guard left > .zero else {
                self.logger.info("the server does not end the initial events of a watch: listing instead")
                return (.streamIsEndless, nil)
            }
            guard (try? await self.time.sleep(left)) != nil else { return (.stop, nil) }
        }
    }
}

/// A server that sends initial events sends them one after the other.
private let longestInitialSilence = Duration.seconds(10)
/// However large a collection is, more than this is no initial state any more.
private let longestInitialStream = Duration.seconds(300)
