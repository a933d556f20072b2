import HTTPTransport
import Locks

/// A transport that counts what goes through it.
final class CountingTransport: HTTPTransport {
    /// Requests by verb, as far as they were answered.
    struct Counts: Sendable {
        var byVerb: [String: Int] = [:]
        /// POSTs that made an object other than an event.
        var created = 0
        /// Everything but reads and events.
        var writes = 0
        var watches: Int { self.byVerb["watch"] ?? 0 }

        var text: String {
            self.byVerb.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
    }

    private let inner: any HTTPTransport
    private let content = Locked(Counts())

    init(_ inner: any HTTPTransport) {
        self.inner = inner
    }

    var counts: Counts { self.content.withLock { $0 } }
    var watches: Int { self.counts.watches }

    func reset() {
        self.content.withLock { $0 = Counts() }
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let response = try await self.inner.send(request)
        let isEvent = request.target.contains("/events")
        let verb =
            switch request.method {
            case "POST": isEvent ? "create event" : "create"
            case "PATCH": isEvent ? "patch event" : "patch"
            case "DELETE": "delete"
            case _ where request.target.contains("watch=true"): "watch"
            case _ where request.target.contains("limit="): "list"
            default: "get"
            }
        self.content.withLock { counts in
            counts.byVerb[verb, default: 0] += 1
            if verb == "create", response.status == 201 { counts.created += 1 }
            if ["create", "patch", "delete"].contains(verb) { counts.writes += 1 }
        }
        return response
    }

    /// The connection stays: the next run goes through it too.
    func close() async {}
}
