import Foundation
import JSON
import Testing
import YAML

extension EndToEnd {
    /// The samples as they stand in `config/samples`, in the namespace that they name.
    @Suite(.serialized, .together)
    struct SampleTests {
        @Test("Every sample gets ready", arguments: Samples.files)
        func ready(_ file: String) async throws {
            let app = try await Samples.apply(file)
            try await app.waitUntilReady(within: .seconds(120))
            #expect(app.children(.pods).filter { !$0.isGoing }.allSatisfy { $0.isTrue("Ready") })
        }

        @Test("The Deployment and the Service of the cohere sample hold every field and value of seed 004's manifests")
        func seed004() async throws {
            let app = try await Samples.apply("cohere.yaml")
            try await app.waitUntil("is applied") { $0.isTrue("ResourcesSynced") }
            let kubectl = try Stage.current.kubectl
            for (kind, file, count) in [("deployment", "seed004-deployment", 37), ("service", "seed004-service", 11)] {
                let live = try await kubectl.json("get", kind, "todo-backend", "-n", Samples.namespace)
                let path = ClusterUnderTest.file("Tests/TodoAppOperatorTests/Fixtures/\(file).yaml")
                let figures = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
                    .filter { !$0.hasPrefix("#") }
                #expect(figures.count == count)
                for figure in figures {
                    let separator = try #require(figure.firstRange(of: ": "))
                    let text = String(figure[separator.upperBound...])
                    let value = Int64(text).map { JSONValue.integer($0) } ?? .string(text)
                    #expect(live.at(String(figure[..<separator.lowerBound])) == value, "\(figure)")
                }
            }
        }

        @Test("The front door of every sample answers at its NodePort", arguments: Samples.files)
        func answers(_ file: String) async throws {
            let app = try await Samples.apply(file)
            try await app.waitUntilReady(within: .seconds(120))
            let endpoints = app.object.at("status.endpoints")?.array ?? []
            let url = try #require(endpoints.first { $0["scope"] == "External" }?["url"]?.string)
            let answer = try await ProgramRun("curl", ["--noproxy", "*", "-sS", "--max-time", "10", url])
            #expect(answer.exitCode == 0, "\(url): \(answer.errors)")
            #expect(!answer.output.isEmpty)
        }

        @Test("A NodePort that somebody else has is no failure: the app gets another one and says so")
        func takenNodePort() async throws {
            let first = try await Samples.apply("cohere.yaml")
            try await first.waitUntilReady(within: .seconds(120))
            let credentials = [
                "database-url": "postgresql://demo:canary-database@postgres:5432/todo", "cohere-api-key": "canary",
            ]
            try await TestNamespace.with("nodeport", credentials: credentials) { namespace in
                let app = try await namespace.run(
                    Manifest.todoApp(
                        "todo",
                        [
                            "contract": "cohere", "environment": "Minikube",
                            "backend": ["resources": ["requests": ["cpu": "5m", "memory": "8Mi"]]],
                            "secrets": ["from": [["secretName": .string(Credentials.secretName)]]],
                        ]
                    )
                )
                try await app.waitUntilReady()
                let service = try #require(namespace.object(.services, "todo-backend"))
                let port = try #require(service.at("spec.ports[0].nodePort")?.integer)
                #expect(port != 30_080)
                #expect(service.at("metadata.annotations[todo.taskflow.dev/node-port-taken]") == "30080")
                let status = try #require(app.object["status"])
                #expect(status.text().contains(":\(port)"), "the status gives the URL with the port that it got")
                #expect(status.text().contains("30080"), "the status says which port was wanted")
            }
        }
    }
}

/// The samples of `config/samples`; they run on to the end of the run.
enum Samples {
    static let namespace = "todo-app"
    static let files = ["cohere.yaml", "fastapi.yaml", "groq.yaml", "openai.yaml", "taskflow.yaml"]

    /// Applies a sample, if it is not there already.
    static func apply(_ file: String) async throws -> AppUnderTest {
        let stage = try Stage.current
        let path = ClusterUnderTest.file("config/samples/\(file)")
        let objects = try YAML.documents(in: String(contentsOfFile: path, encoding: .utf8)).map(\.value)
        let sample = try #require(objects.first { $0["kind"] == "TodoApp" })
        try await stage.kubectl.apply(Manifest.namespace(Self.namespace))
        try await stage.kubectl("apply", "--validate=false", "-f", path)
        let app = TestNamespace(name: Self.namespace, stage: stage).app(sample.name)
        try await eventually("\(sample.name) is heard of", within: .seconds(10)) { app.object != .null }
        return app
    }
}
