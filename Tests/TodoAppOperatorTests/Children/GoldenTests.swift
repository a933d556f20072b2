import JSON
import Testing
import TodoAppAPI
import TodoAppOperator
import YAML

/// What the five samples become, whole.
///
/// `UPDATE_GOLDEN=1` writes the files anew; the difference is then to be read.
struct GoldenTests {
    @Test(
        "A sample's children are those of the golden file, byte by byte",
        arguments: Sample.allCases,
        AppEnvironment.allCases
    )
    func golden(sample: Sample, environment: AppEnvironment) throws {
        let file = "Golden/\(sample.rawValue)-\(environment == .minikube ? "minikube" : "production").yaml"
        let text = yamlText(sample.app(in: environment).sampleChildren.map(\.manifest))
        if TestFolder.isUpdating {
            try TestFolder.write(text, to: file)
        }
        #expect(try text == TestFolder.read(file))
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
        let file = "Golden/render-\(sample.rawValue).yaml"
        if TestFolder.isUpdating {
            try TestFolder.write(text, to: file)
        }
        #expect(try text == TestFolder.read(file))
    }

    @Test("The same app gives the same bytes each time", arguments: Sample.allCases)
    func deterministic(sample: Sample) {
        let texts = (0..<20).map { _ in yamlText(sample.app(in: .production).sampleChildren.map(\.manifest)) }
        #expect(Set(texts).count == 1)
    }
}
