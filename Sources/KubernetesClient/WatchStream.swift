internal import HTTPTransport
internal import JSON
public import KubernetesAPI

/// A change that a watch reports.
public enum WatchEvent: Sendable, Equatable {
    /// The object is new, or was there when the watch began.
    case added(DynamicObject)
    /// The object has changed.
    case modified(DynamicObject)
    /// The object is gone; its last state.
    case deleted(DynamicObject)
    /// Nothing changed up to this version.
    case bookmark(ResourceVersion, endsInitialEvents: Bool)
    /// The watch is over; most often its version has become too old (`isExpired`).
    case failed(KubernetesStatus)
}

/// Where a watch begins.
public enum WatchStart: Sendable, Equatable {
    /// After a state that a list or an earlier event had.
    case after(ResourceVersion)
    /// With all objects that are there, as `added`, closed by a bookmark that ends the initial events. Only servers
    /// with WatchList do that; others refuse.
    case withInitialEvents
}

/// The changes of a selection, one after the other, for one reader.
///
/// Objects come without their `managedFields`, as in lists.
///
/// The server ends a watch after some minutes; the reader then begins a new one after the last version it has seen.
public struct WatchStream: Sendable {
    private let operation: KubernetesClientError.Operation
    private let body: HTTPBody
    private var decoder = WatchDecoder()

    init(operation: KubernetesClientError.Operation, body: HTTPBody) {
        self.operation = operation
        self.body = body
    }

    /// The next change; `nil` when the server has ended the watch.
    ///
    /// - Throws: ``KubernetesClientError``; `.transport(.timedOut)` when nothing came for too long.
    public mutating func next() async throws(KubernetesClientError) -> WatchEvent? {
        do throws(KubernetesClientError.Cause) {
            while true {
                if let event = try self.decoder.next() { return event }
                guard let chunk = try await nextChunk(of: self.body) else { return nil }
                self.decoder.append(chunk)
            }
        } catch {
            throw KubernetesClientError(operation: self.operation, cause: error)
        }
    }
}

extension KubernetesClient {
    /// Begins a watch.
    ///
    /// - Parameters:
    ///   - selection: Which objects are meant.
    ///   - start: Where the watch begins.
    ///   - timeout: When the server is to end it.
    ///   - idle: The watch is dead when neither a change nor a bookmark comes for so long.
    public func watch(
        _ selection: Selection,
        _ start: WatchStart,
        timeout: Duration,
        idle: Duration
    ) async throws(KubernetesClientError) -> WatchStream {
        var query = Query()
        query.append("watch", "true")
        query.append("allowWatchBookmarks", "true")
        query.append("timeoutSeconds", "\(timeout.components.seconds)")
        query.append("labelSelector", selection.labelSelector)
        query.append("fieldSelector", selection.fieldSelector)
        switch start {
        case .after(let version):
            query.append("resourceVersion", version.text)
        case .withInitialEvents:
            query.append("sendInitialEvents", "true")
            query.append("resourceVersionMatch", "NotOlderThan")
        }
        let call = Call(
            operation: operation("watch", selection),
            method: "GET",
            target: query.target(selection.type.path(namespace: selection.namespace)),
            accept: accept(selection.representation, list: false),
            repeatability: .harmless
        )
        do throws(KubernetesClientError.Cause) {
            let response = try await self.opened(call, until: .silence(idle))
            return WatchStream(operation: call.operation, body: response.body)
        } catch {
            // Not tried again here: whoever watches has a back-off and must also think of a new list.
            throw KubernetesClientError(operation: call.operation, cause: error)
        }
    }
}
