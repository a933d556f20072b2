import Foundation
import JSON

/// The cluster as an admin's `kubectl` sees it.
struct Kubectl: Sendable {
    /// What `kubectl` said when it failed.
    struct Failure: Error, CustomStringConvertible {
        var command: String
        var errors: String
        var description: String { "\(self.command): \(self.errors)" }
    }

    let kubeconfig: String

    /// Runs `kubectl` and gives what it printed.
    @discardableResult
    func callAsFunction(_ arguments: String..., input: String = "") async throws -> String {
        try await self.run(arguments, input: input)
    }

    /// Runs `kubectl … -o json` and gives the object that it printed.
    @discardableResult
    func json(_ arguments: String..., input: String = "") async throws -> JSONValue {
        try JSONValue(parsing: try await self.run(arguments + ["-o", "json"], input: input))
    }

    /// Creates or changes objects as `kubectl apply` does.
    func apply(_ objects: JSONValue...) async throws {
        try await self.apply(objects)
    }

    /// Creates or changes many objects at once.
    func apply(_ objects: [JSONValue]) async throws {
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        // An old kubectl does not know all that stands in a new schema; the API server judges anyway.
        try await self.run(["apply", "--validate=false", "-f", "-"], input: list.text())
    }

    /// Waits until TodoApps can be made.
    func waitUntilEstablished() async throws {
        _ = try await answered("TodoApps are served", within: .seconds(30)) {
            // A new definition's conditions are null, which it takes for an error at once.
            try? await self("wait", "--for=condition=Established", "crd/todoapps.todo.taskflow.dev", "--timeout=5s")
        }
    }

    /// Changes an object by a JSON merge patch; gives it as it is then.
    @discardableResult
    func merge(_ resource: String, _ name: String, in namespace: String, _ patch: JSONValue) async throws -> JSONValue {
        try await self.json("patch", resource, name, "-n", namespace, "--type", "merge", "-p", patch.text())
    }

    @discardableResult
    private func run(_ arguments: [String], input: String) async throws -> String {
        let run = try await ProgramRun("kubectl", ["--kubeconfig", self.kubeconfig] + arguments, input: input)
        guard run.exitCode == 0 else {
            throw Failure(command: "kubectl " + arguments.joined(separator: " "), errors: run.errors)
        }
        return run.output
    }
}
