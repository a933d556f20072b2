import KubernetesTesting
import Testing

/// The server in process keeps the promises that the real one keeps; IntegrationTests puts the same questions to that.
struct ConformanceTests {
    @Test(arguments: ConformanceScenario.all.map(\.name))
    func theServerInProcessKeepsThePromise(_ name: String) async throws {
        let scenario = try #require(ConformanceScenario.all.first { $0.name == name })
        let watchList: SimulatedAPIServer.Options.WatchList = scenario.needs.contains(.noWatchList) ? .refused : .served
        let server = SimulatedAPIServer(
            SimulatedAPIServer.Options(
                resources: [SimulatedResource(ConformanceScenario.widgets)],
                watchList: watchList
            )
        )
        server.addNamespace("conformance")
        let endpoint = ConformanceEndpoint(
            transport: server.connect(),
            abilities: scenario.needs,
            compact: { server.compact() }
        )
        let complaints = try await scenario.run(on: endpoint, namespace: "conformance")
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
    }
}
