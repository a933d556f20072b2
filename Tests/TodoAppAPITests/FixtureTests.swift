import FoundationEssentials
import Testing
import TodoAppAPI

/// The manifests under `Fixtures`, which `hack/check-cel` judges by the CustomResourceDefinition.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String

    /// What the file says of its own violations, a line each.
    var expected: [String] {
        self.text.split(separator: "\n").filter { $0.hasPrefix("# expect: ") }.map { String($0.dropFirst(10)) }
    }

    var testDescription: String {
        self.name
    }

    /// All fixtures of a folder; a folder that cannot be read yields none, which the first test tells.
    static func all(in folder: String) -> [Fixture] {
        let path = Self.root + "/Tests/TodoAppAPITests/Fixtures/\(folder)"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.sorted().compactMap { name in
            let data = FileManager.default.contents(atPath: "\(path)/\(name)")
            return data.map { Fixture(name: name, text: String(decoding: $0, as: UTF8.self)) }
        }
    }

    static func samples() -> [Fixture] {
        ["taskflow", "openai", "groq", "cohere", "fastapi"].map { name in
            let data = FileManager.default.contents(atPath: Self.root + "/config/samples/\(name).yaml")
            return Fixture(name: name, text: String(decoding: data ?? Data(), as: UTF8.self))
        }
    }

    /// What `make demo` applies.
    static func demo() -> Fixture {
        let data = FileManager.default.contents(atPath: Self.root + "/hack/demo/todoapp.yaml")
        return Fixture(name: "demo", text: String(decoding: data ?? Data(), as: UTF8.self))
    }

    private static var root: String {
        #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" }
    }
}

@Suite("The validator and the fixtures")
struct FixtureTests {
    @Test("There are fixtures")
    func areThere() {
        #expect(Fixture.all(in: "valid").count > 20)
        #expect(Fixture.all(in: "invalid").count > 100)
    }

    @Test("A valid manifest is accepted", arguments: Fixture.all(in: "valid"))
    func accepted(_ fixture: Fixture) {
        let reading = ManifestReading(text: fixture.text, file: fixture.name)
        #expect(reading.problems.map(\.description) == [])
        #expect(reading.manifests.count == 1)
    }

    @Test("An invalid manifest is refused in exactly the words that it names", arguments: Fixture.all(in: "invalid"))
    func refused(_ fixture: Fixture) {
        let reading = ManifestReading(text: fixture.text, file: fixture.name)
        #expect(reading.problems.map { "\($0.path): \($0.message)" }.sorted() == fixture.expected.sorted())
        #expect(reading.manifests.isEmpty)
        #expect(!fixture.expected.isEmpty)
    }

    @Test("A sample is accepted, and shows the contract that it is named for", arguments: Fixture.samples())
    func sample(_ fixture: Fixture) {
        let reading = ManifestReading(text: fixture.text, file: fixture.name)
        #expect(reading.problems.map(\.description) == [])
        #expect(reading.manifests.map(\.spec.contract.rawValue) == [fixture.name])
        #expect(reading.manifests.map(\.namespace) == ["todo-app"])
    }

    @Test("What the demo applies is accepted")
    func demo() {
        let reading = ManifestReading(text: Fixture.demo().text, file: "demo")
        #expect(reading.problems.map(\.description) == [])
        #expect(reading.manifests.map(\.name) == ["demo"])
    }
}
