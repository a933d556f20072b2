import HTTPTransport

@testable import CurlTransport

extension HTTPTransport {
    /// Sends a GET and reads the whole body.
    func get(_ target: String, limit: Int = 1 << 20) async throws -> (status: Int, body: [UInt8]) {
        let response = try await self.send(HTTPRequest(method: "GET", target: target))
        return (response.status, try await response.body.collect(limit: limit))
    }
}

/// A transport to a plain server of the tests.
func plainTransport(
    to server: ScriptedServer,
    _ change: (inout CurlTransport.Configuration) -> Void = { _ in }
) throws -> CurlTransport {
    var configuration = CurlTransport.Configuration(server: "http://127.0.0.1:\(server.port)")
    change(&configuration)
    return try CurlTransport(configuration: configuration)
}

/// What an operation failed with.
func failure<Value>(of operation: () async throws(HTTPTransportError) -> Value) async -> HTTPTransportError? {
    do throws(HTTPTransportError) {
        _ = try await operation()
        return nil
    } catch {
        return error
    }
}

extension [UInt8] {
    /// The text's bytes.
    init(text: String) {
        self = Array(text.utf8)
    }
}
