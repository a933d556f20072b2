internal import ArgumentParser
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import TodoAppAPI
internal import TodoAppOperator

struct RestartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Starts all pods of a TodoApp, or of one component, anew, without an interruption.",
        discussion: """
            It asks the operator for it by an annotation of the TodoApp; the operator rolls the pods over as it does for a \
            new version, and notes in status.lastHandledRestartAt that it has. A TodoApp that is paused is restarted when it \
            is resumed.
            """
    )

    @OptionGroup var app: AppArgument

    @Argument(help: "backend or frontend. Default: both.", transform: componentName)
    var component: ComponentName?

    @Flag(
        name: .shortAndLong,
        help: "Wait until the new pods are ready; it exits with 1 if that fails or takes too long."
    )
    var wait = false

    @Option(help: "How long --wait waits, for example 90s or 5m.", transform: timeSpan)
    var timeout: Duration = .seconds(600)

    @OptionGroup var options: PluginOptions

    func run() async throws {
        try await self.options.withCluster { connection, surroundings in
            let key = self.app.key(in: connection.namespace)
            let app = try await connection.reader.app(key)
            if let component, app.spec[component.rawValue] == nil {
                throw PluginFailure("todoapp/\(key.name) has no \(component.rawValue)")
            }
            let request = RestartRequest(component, at: surroundings.now(), of: app)
            _ = try await connection.client.merge(
                TodoAppObject.resource,
                key,
                request.patch,
                fieldManager: fieldManager
            )
            surroundings.write("todoapp/\(key.name)\(component.map { " \($0.rawValue)" } ?? "") restart requested\n")
            if self.wait {
                try await self.waitFor(request, of: key, connection, surroundings)
            }
        }
    }

    private func waitFor(
        _ request: RestartRequest,
        of key: ObjectKey,
        _ connection: PluginSurroundings.Connection,
        _ surroundings: PluginSurroundings
    ) async throws {
        let outcome = Locked<RestartRequest.Progress>(.waiting("the operator has not said anything yet"))
        let watch = AppWatch(connection.client, app: key)
        try await surroundings.untilInterrupted {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await surroundings.sleep(self.timeout) }
                group.addTask {
                    try await watch.run(
                        pause: { try await surroundings.sleep(.milliseconds(100)) },
                        see: { sight, _ in
                            let progress =
                                if case .app(let snapshot) = sight { request.progress(snapshot.app) } else {
                                    RestartRequest.Progress.failed("the TodoApp is gone")
                                }
                            let former = outcome.withLock { outcome in
                                let former = outcome
                                outcome = progress
                                return former
                            }
                            guard case .waiting(let text) = progress else { return false }
                            if progress != former { surroundings.write("waiting: \(text)\n") }
                            return true
                        }
                    )
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        switch outcome.withLock({ $0 }) {
        case .done: surroundings.write("todoapp/\(key.name) restarted\n")
        case .failed(let why): throw PluginFailure("todoapp/\(key.name): \(why)")
        case .waiting(let text): throw PluginFailure("todoapp/\(key.name): not restarted yet: \(text)")
        }
    }
}

/// A wish that pods be started anew, and what has come of it.
struct RestartRequest: Equatable {
    /// What has come of it.
    enum Progress: Sendable, Equatable {
        /// Nothing final; how it stands.
        case waiting(String)
        /// The new pods are ready.
        case done
        /// It will not come to anything without somebody's doing.
        case failed(String)
    }

    /// The annotation that holds the wish.
    let annotation: String
    /// When it was made, as RFC 3339.
    let time: String

    /// A wish made now.
    ///
    /// Two within one second would be one: the second is put a second later.
    init(_ component: ComponentName?, at now: Double, of app: TodoAppObject) {
        self.annotation = Self.annotation(component)
        let present = Timestamp.text(now)
        let former = Timestamp.seconds(app.metadata.annotations[self.annotation] ?? "") ?? 0
        self.time = former >= now.rounded(.down) ? Timestamp.text(former + 1) : present
    }

    /// The annotation for all components, or for one.
    static func annotation(_ component: ComponentName?) -> String {
        "todo.taskflow.dev/restart-\(component.map { "\($0.rawValue)-" } ?? "")requested-at"
    }

    /// The merge patch that tells the operator.
    var patch: JSONValue {
        ["metadata": ["annotations": JSONValue([self.annotation: self.time])]]
    }

    /// What has come of it, by the status.
    func progress(_ app: TodoAppObject) -> Progress {
        let ready = app.condition("Ready")
        // RFC 3339 in UTC, to the second: the order of the texts is the order of the times.
        guard let handled = app.status?["lastHandledRestartAt"]?.string, handled >= self.time else {
            return .waiting(
                app.spec["paused"]?.bool == true
                    ? "the TodoApp is paused: resume it" : "the operator has not begun"
            )
        }
        if app.isObserved, ready?.status == .true { return .done }
        if app.isObserved, let stalled = app.condition("Stalled"), stalled.status == .true {
            return .failed("\(stalled.reason): \(stalled.message)")
        }
        return .waiting(ready?.message ?? "")
    }
}
