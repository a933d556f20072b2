public import CoreMetrics
public import HTTPTransport
internal import Locks

/// A transport that counts its requests, and measures how long the server takes to begin its answers.
public struct MeasuredTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let host: String
    private let factory: any MetricsFactory
    private let now: @Sendable () -> ContinuousClock.Instant
    private let series = Locked(Series())

    /// What was counted before: to ask the factory for each request would cost more than to count.
    private struct Series {
        var counters: [Outcome: Counter] = [:]
        var timers: [String: Timer] = [:]
    }

    /// How a request of some method ended.
    private struct Outcome: Hashable {
        var method: String
        /// `nil` where there is no answer.
        var status: Int?
    }

    /// A transport to a host, measured.
    public init(
        _ transport: any HTTPTransport,
        host: String,
        factory: any MetricsFactory,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.transport = transport
        self.host = host
        self.factory = factory
        self.now = now
    }

    /// Sends a request.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let start = self.now()
        do throws(HTTPTransportError) {
            let response = try await self.transport.send(request)
            self.counter(Outcome(method: request.method, status: response.status)).increment()
            self.timer(request.method).recordNanoseconds(start.duration(to: self.now()).nanoseconds)
            return response
        } catch {
            // What was never let out is no request.
            if case .withheld = error { throw error }
            self.counter(Outcome(method: request.method, status: nil)).increment()
            throw error
        }
    }

    /// Closes the transport.
    public func close() async {
        await self.transport.close()
    }

    private func counter(_ outcome: Outcome) -> Counter {
        self.series.withLock { series in
            if let known = series.counters[outcome] { return known }
            let code = outcome.status.map { "\($0)" } ?? "<error>"
            let new = Counter(
                label: "rest_client_requests_total",
                dimensions: [("code", code), ("method", outcome.method), ("host", self.host)],
                factory: self.factory
            )
            series.counters[outcome] = new
            return new
        }
    }

    private func timer(_ method: String) -> Timer {
        self.series.withLock { series in
            if let known = series.timers[method] { return known }
            let new = Timer(
                label: "rest_client_request_duration_seconds",
                dimensions: [("verb", method), ("host", self.host)],
                factory: self.factory
            )
            series.timers[method] = new
            return new
        }
    }
}
