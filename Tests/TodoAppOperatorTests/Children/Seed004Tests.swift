import JSON
import TestFiles
import Testing
import TodoAppAPI
import TodoAppOperator

/// Seed 004's two manifests, as figures in `Fixtures`, against what the operator makes of the cohere sample.
struct Seed004Tests {
    @Test("The Deployment of the cohere sample holds every field and value of seed 004's")
    func deployment() throws {
        try expectFigures("Fixtures/seed004-deployment.yaml", count: 37, in: ("Deployment", "todo-backend"))
    }

    @Test("The Service of the cohere sample holds every field and value of seed 004's")
    func service() throws {
        try expectFigures("Fixtures/seed004-service.yaml", count: 11, in: ("Service", "todo-backend"))
    }

    @Test("No other container and no other port stands beside seed 004's")
    func nothingElse() {
        let children = Sample.cohere.app(in: .minikube).sampleChildren
        let deployment = children.manifest("Deployment", "todo-backend")
        #expect(deployment.at("spec.template.spec.containers")?.array?.count == 1)
        #expect(deployment.at("spec.template.spec.containers[0].ports")?.array?.count == 1)
        #expect(deployment.at("spec.template.spec.containers[0].startupProbe") == nil)
        #expect(children.manifest("Service", "todo-backend").at("spec.ports")?.array?.count == 1)
        #expect(children.manifest("Secret", "todo-secrets").at("data")?.object?.count == 3)
    }

    @Test("In Production the environment's rules win over seed 004's")
    func production() {
        let children = Sample.cohere.app(in: .production).sampleChildren
        let deployment = children.manifest("Deployment", "todo-backend")
        let service = children.manifest("Service", "todo-backend")
        #expect(deployment.at("spec.replicas") == 2)
        #expect(deployment.at("spec.template.spec.containers[0].image") == "todo-backend:1.0.0")
        #expect(deployment.at("spec.template.spec.containers[0].imagePullPolicy") == "IfNotPresent")
        #expect(service.at("spec.type") == "ClusterIP")
        #expect(service.at("spec.ports[0].nodePort") == nil)
    }

    private func expectFigures(_ file: String, count: Int, in child: (kind: String, name: String)) throws {
        let app = Sample.cohere.app(in: .minikube)
        let manifest = app.sampleChildren.manifest(child.kind, child.name)
        let figures = try TestFolder.read(file).split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(figures.count == count)
        for figure in figures {
            let separator = try #require(figure.firstRange(of: ": "))
            let path = String(figure[..<separator.lowerBound])
            let text = String(figure[separator.upperBound...])
            let value = Int64(text).map { JSONValue.integer($0) } ?? .string(text)
            #expect(manifest.at(path) == value, "\(path)")
        }
    }
}
