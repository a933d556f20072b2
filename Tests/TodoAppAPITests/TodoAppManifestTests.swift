import JSON
import Testing
import TodoAppAPI

@Suite("TodoAppManifest")
struct TodoAppManifestTests {
    @Test("A problem names file, line, field and a suggestion")
    func problemInOneLine() {
        let text = """
            apiVersion: todo.taskflow.dev/v1alpha1
            kind: TodoApp
            metadata: {name: todo}
            spec:
              version: 1.0.0
              backend:
                replica: 2
            """
        let reading = ManifestReading(text: text, file: "todoapp.yaml")
        #expect(
            reading.problems.map(\.description)
                == [#"todoapp.yaml:7: spec.backend.replica: unknown field; did you mean "replicas"?"#]
        )
    }

    @Test("What is missing is told at the line around it")
    func missingField() {
        let text = """
            apiVersion: todo.taskflow.dev/v1alpha1
            kind: TodoApp
            metadata:
              namespace: todo-app
            spec:
              version: 1.0.0
            """
        let reading = ManifestReading(text: text, file: "a.yaml")
        #expect(reading.problems.map(\.description) == ["a.yaml:3: metadata.name: is required"])
    }

    @Test("Problems come by line, through all documents of a file")
    func manyDocuments() {
        let text = """
            apiVersion: v1
            kind: Secret
            metadata: {name: credentials}
            ---
            apiVersion: todo.taskflow.dev/v1alpha1
            kind: TodoApp
            metadata: {name: one}
            spec: {version: 1.0.0, backend: {}}
            ---
            # nothing here
            ---
            apiVersion: todo.taskflow.dev/v1alpha1
            kind: TodoApp
            metadata: {name: two}
            spec:
              paused: maybe
              backend:
                replicas: many
            """
        let reading = ManifestReading(text: text, file: "-")
        #expect(reading.manifests.map(\.name) == ["one"])
        #expect(
            reading.problems.map(\.description) == [
                "-:15: spec.version: version is required in Production, unless every component names its own image",
                "-:16: spec.paused: must be a boolean, found a string",
                "-:18: spec.backend.replicas: must be an integer, found a string",
            ]
        )
    }

    @Test("A List is looked into")
    func list() {
        let text = """
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "todo.taskflow.dev/v1alpha1", "kind": "TodoApp", "metadata": {"name": "one"},
               "spec": {"version": "1.0.0", "backend": {}}},
              {"apiVersion": "todo.taskflow.dev/v1alpha1", "kind": "TodoApp", "metadata": {"name": "two"},
               "spec": {"version": "1.0.0"}}
            ]}
            """
        let reading = ManifestReading(text: text, file: "list.json")
        #expect(reading.manifests.map(\.name) == ["one"])
        #expect(reading.problems.map(\.description) == ["list.json:5: items[1].spec.backend: is required"])
    }

    @Test(
        "What is no TodoApp of this version is told",
        arguments: [
            ("- 1", "f:1: must be an object, found an array"),
            ("a: b", "f:1: apiVersion: is required, and must be a string"),
            (
                "{apiVersion: todo.taskflow.dev/v1, kind: TodoApp, metadata: {name: a}, spec: {version: 1.0.0, backend: {}}}",
                "f:1: apiVersion: must be todo.taskflow.dev/v1alpha1"
            ),
            (
                "{apiVersion: todo.taskflow.dev/v1alpha1, kind: TodoAp, metadata: {name: a}, spec: {version: 1.0.0, backend: {}}}",
                "f:1: kind: must be TodoApp"
            ),
            ("{apiVersion: todo.taskflow.dev/v1alpha1, kind: TodoApp, metadata: {name: a}}", "f:1: spec: is required"),
            ("{apiVersion: todo.taskflow.dev/v1alpha1, kind: TodoApp, spec: {}}", "f:1: metadata: is required"),
            (
                "{apiVersion: todo.taskflow.dev/v1alpha1, kind: TodoApp, metadata: {name: 1}, spec: {}}",
                "f:1: metadata.name: must be a string, found an integer; put it in quotes"
            ),
        ]
    )
    func notATodoApp(_ text: String, _ problem: String) {
        let reading = ManifestReading(text: text, file: "f")
        #expect(reading.problems.first?.description == problem)
        #expect(reading.manifests.isEmpty)
    }

    @Test("A text that is no YAML is told with its line and nothing twice")
    func malformedText() throws {
        let reading = ManifestReading(text: "a: 1\na: 2\n", file: "broken.yaml")
        #expect(reading.problems.map(\.description) == [#"broken.yaml:2: duplicate key "a""#])
    }

    @Test("No message repeats a value that the user wrote")
    func noValues() {
        let text = """
            apiVersion: todo.taskflow.dev/v1alpha1
            kind: TodoApp
            metadata: {name: todo}
            spec:
              contract: groq
              version: p4ssw0rd
              registry: p4ssw0rd!
              backend:
                image: p4ssw0rd!
                replicas: p4ssw0rd
                env: {GROQ_API_KEY: p4ssw0rd, TEMPERATURE: p4ssw0rd, LOG_LEVEL: p4ssw0rd, PORT: p4ssw0rd}
                resources: {requests: {cpu: p4ssw0rd}}
              secrets: {existingSecret: p4ssw0rd!, deletionPolicy: p4ssw0rd}
              exposure: {type: p4ssw0rd}
            """
        let reading = ManifestReading(text: text, file: "f")
        #expect(reading.problems.count == 12)
        #expect(!reading.problems.contains { $0.description.contains("p4ssw0rd") })
    }
}
