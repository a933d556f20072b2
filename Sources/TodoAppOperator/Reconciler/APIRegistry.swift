internal import KubernetesAPI
internal import Locks

/// Which optional APIs the API server serves, as far as is known now; who needs one is told when it comes and goes.
public final class APIRegistry: Sendable {
    private struct Content {
        var served: ServedAPIs
        var listeners: [OptionalAPI: [Int: AsyncStream<ResourceType?>.Continuation]] = [:]
        var lastListener = 0
    }

    private let content: Locked<Content>

    /// A registry that knows this much.
    public init(served: ServedAPIs) {
        self.content = Locked(Content(served: served))
    }

    /// What is served.
    var served: ServedAPIs {
        self.content.withLock { $0.served }
    }

    /// Notes in which version an API is served; `nil` for not at all.
    func note(_ api: OptionalAPI, _ type: ResourceType?) {
        let listeners = self.content.withLock { content -> [AsyncStream<ResourceType?>.Continuation] in
            guard content.served[api] != type else { return [] }
            content.served[api] = type
            return Array((content.listeners[api] ?? [:]).values)
        }
        for listener in listeners {
            listener.yield(type)
        }
    }

    /// The version of an API as it is now, and then each time that it changes; whoever is slow gets the last one alone.
    func versions(of api: OptionalAPI) -> AsyncStream<ResourceType?> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ResourceType?.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = self.content.withLock { content -> Int in
            content.lastListener += 1
            content.listeners[api, default: [:]][content.lastListener] = continuation
            continuation.yield(content.served[api])
            return content.lastListener
        }
        continuation.onTermination = { _ in
            self.content.withLock { $0.listeners[api]?[number] = nil }
        }
        return stream
    }
}
