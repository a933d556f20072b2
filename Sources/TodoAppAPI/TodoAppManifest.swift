public import JSON
internal import YAML

/// A TodoApp as a file holds it, read without a cluster.
public struct TodoAppManifest: Sendable, Equatable {
    /// `apiVersion` of every TodoApp.
    public static let apiVersion = "todo.taskflow.dev/v1alpha1"
    /// `kind` of every TodoApp.
    public static let kind = "TodoApp"

    /// The TodoApp's name.
    public let name: String
    /// Its namespace; `nil` where the file leaves it to whoever applies it.
    public let namespace: String?
    /// What is wanted.
    public let spec: TodoAppSpec
    /// The whole object, as it was written.
    public let value: JSONValue
}

/// Something in a file that is not as it must be.
public struct ManifestProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    public let file: String
    /// The line, from 1; `nil` where the trouble is the file itself.
    public let line: Int?
    /// The field; empty where the trouble is no field's.
    public let path: JSONPath
    /// What is wrong, in one sentence.
    public let message: String

    /// A problem of a file.
    public init(file: String, line: Int? = nil, path: JSONPath = [], message: String) {
        self.file = file
        self.line = line
        self.path = path
        self.message = message
    }

    /// As compilers write it, so that editors find the place: `todoapp.yaml:7: spec.backend.replica: unknown field`.
    public var description: String {
        let place = self.line.map { "\(self.file):\($0)" } ?? self.file
        let field = self.path.steps.isEmpty ? "" : "\(self.path): "
        return "\(place): \(field)\(self.message)"
    }
}

/// What the files of a user hold: the valid TodoApps, and everything that is wrong with the others.
public struct ManifestReading: Sendable, Equatable {
    /// The TodoApps that are valid, in the order of the file.
    public private(set) var manifests: [TodoAppManifest] = []
    /// What is wrong, by line.
    public private(set) var problems: [ManifestProblem] = []

    /// Nothing read yet.
    public init() {}

    /// Reads all TodoApps of a text of YAML or JSON.
    ///
    /// The text may hold many documents, and objects of other kinds, which are passed over; a `List` is looked into.
    ///
    /// - Parameters:
    ///   - text: the file's content.
    ///   - file: what messages call the file.
    public init(text: String, file: String) {
        do {
            for document in try YAML.documents(in: text) where !document.value.isNull {
                self.read(document.value, at: [], in: document, file: file)
            }
        } catch {
            // The place is said by the problem itself, in its own way.
            let message = String(error.description.dropFirst("\(error.location): ".count))
            self.problems.append(ManifestProblem(file: file, line: error.location.line, message: message))
        }
        // Violations come in the order of the fields here; a person goes through the file from top to bottom.
        self.problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    /// Adds what another file holds.
    public mutating func append(_ other: ManifestReading) {
        self.manifests += other.manifests
        self.problems += other.problems
    }

    private mutating func read(_ object: JSONValue, at path: JSONPath, in document: YAMLDocument, file: String) {
        let log = ViolationLog()
        defer {
            for violation in log.violations {
                let problem = ManifestProblem(
                    file: file,
                    line: document.nearestLocation(to: violation.path).line,
                    path: violation.path,
                    message: violation.message
                )
                self.problems.append(problem)
            }
        }

        let field = FieldReader(value: object, path: path, log: log)
        guard object.object != nil else { return field.requireObject() }
        let kind = object["kind"]?.string
        let apiVersion = object["apiVersion"]?.string
        if kind == "List", apiVersion == "v1" {
            for (index, item) in (object["items"]?.array ?? []).enumerated() {
                self.read(item, at: path.appending("items").appending(index), in: document, file: file)
            }
            return
        }
        guard let kind, let apiVersion else {
            for name in ["apiVersion", "kind"] where object[name]?.string == nil {
                log.add(path.appending(name), .missing, "is required, and must be a string")
            }
            return
        }
        guard kind == TodoAppManifest.kind || apiVersion.hasPrefix("todo.taskflow.dev/") else { return }

        guard let manifest = Self.readTodoApp(field) else { return }
        self.manifests.append(manifest)
    }

    private static func readTodoApp(_ field: FieldReader) -> TodoAppManifest? {
        let log = field.log
        let before = log.violations.count
        let manifest: TodoAppManifest? = field.object { fields in
            fields.field("apiVersion")?.requireText(TodoAppManifest.apiVersion)
            fields.field("kind")?.requireText(TodoAppManifest.kind)
            _ = fields.field("status")
            let spec = fields.field("spec")?.value

            // Metadata is Kubernetes' own, so other fields than these two are not looked at.
            let metadata = fields.required("metadata")
            metadata?.requireObject()
            guard let metadata, metadata.value.object != nil else { return nil }
            let name = metadata.member("name")?.text(.text(maxLength: 253))
            let namespace = metadata.member("namespace")?.text(.labelName)
            if metadata.member("name") == nil {
                log.add(metadata.path.appending("name"), .missing, "is required")
            }
            guard let name else { return nil }

            do throws(InvalidTodoApp) {
                let spec = try TodoAppSpec.read(spec, name: name)
                return TodoAppManifest(name: name, namespace: namespace, spec: spec, value: field.value)
            } catch {
                for violation in error.violations {
                    log.add(JSONPath(field.path.steps + violation.path.steps), violation.rule, violation.message)
                }
                return nil
            }
        }
        return log.violations.count == before ? manifest : nil
    }
}
