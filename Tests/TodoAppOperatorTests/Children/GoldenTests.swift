import JSON
import TestFiles
import Testing
import TodoAppAPI
import TodoAppOperator
import YAML

/// What the five samples become, whole; ``GoldenRender`` has what to do when that changes.
struct GoldenTests {
    @Test(
        "A sample's children are those of the golden file, byte by byte",
        arguments: Sample.allCases,
        AppEnvironment.allCases
    )
    func golden(sample: Sample, environment: AppEnvironment) throws {
        let name = "\(sample.rawValue)-\(environment == .minikube ? "minikube" : "production")"
        let text = yamlText(sample.app(in: environment).sampleChildren.map(\.manifest))
        try GoldenRender.expect(text, name)
    }

    @Test("What render prints of a sample file is the golden file, byte by byte", arguments: Sample.allCases)
    func rendered(sample: Sample) throws {
        let source = try TestFolder.read("../../config/samples/\(sample.rawValue).yaml")
        let reading = ManifestReading(text: source, file: sample.rawValue)
        let objects = reading.manifests.flatMap { manifest in
            let app = EffectiveApp(name: manifest.name, namespace: manifest.namespace ?? "", spec: manifest.spec)
            return children(of: app, inputs: RenderInputs()).map(\.manifest)
        }
        let text = YAML.text(ofDocuments: objects)
        try GoldenRender.expect(text, "render-\(sample.rawValue)")
    }

    @Test("The same app gives the same bytes each time", arguments: Sample.allCases)
    func deterministic(sample: Sample) {
        let texts = (0..<20).map { _ in yamlText(sample.app(in: .production).sampleChildren.map(\.manifest)) }
        #expect(Set(texts).count == 1)
    }
}
