public import CoreMetrics
public import HTTPTransport

/// A transport that counts its requests, and measures how long the server takes to begin its answers.
public struct MeasuredTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let host: String
    private let factory: any MetricsFactory
    private let now: @Sendable () -> ContinuousClock.Instant

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
            self.count(request, code: "\(response.status)")
            self.measure(request, start.duration(to: self.now()))
            return response
        } catch {
            // What was never let out is no request.
            if case .withheld = error { throw error }
            self.count(request, code: "<error>")
            throw error
        }
    }

    /// Closes the transport.
    public func close() async {
        await self.transport.close()
    }

    private func count(_ request: HTTPRequest, code: String) {
        Counter(
            label: "rest_client_requests_total",
            dimensions: [("code", code), ("method", request.method), ("host", self.host)],
            factory: self.factory
        ).increment()
    }

    private func measure(_ request: HTTPRequest, _ duration: Duration) {
        Timer(
            label: "rest_client_request_duration_seconds",
            dimensions: [("verb", request.method), ("host", self.host)],
            factory: self.factory
        ).recordNanoseconds(duration.nanoseconds)
    }
}
