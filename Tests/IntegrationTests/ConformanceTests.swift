import KubernetesTesting
import Testing

/// The real API server is asked what the one in process is asked: what the fake promises is the truth.
@Suite(.enabled(if: RealServer.isThere, RealServer.whatIsMissing), .timeLimit(.minutes(5)))
struct ConformanceTests {
    @Test func theRealServerKeepsEveryPromise() async throws {
        let server = try await RealServer.connect()
        try await server.serveWidgets()
        var complaints: [String] = []
        for scenario in ConformanceScenario.all {
            let missing = scenario.needs.subtracting(server.endpoint.abilities)
            guard missing.isEmpty else {
                print("skipped on Kubernetes 1.\(server.minorVersion), which lacks \(missing): \(scenario.name)")
                continue
            }
            try await server.withNamespace("conformance") { namespace in
                complaints += try await scenario.run(on: server.endpoint, namespace: namespace)
            }
        }
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    }
}
