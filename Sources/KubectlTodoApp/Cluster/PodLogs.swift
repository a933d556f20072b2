internal import ControllerRuntime
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks
internal import Logging
internal import TodoAppAPI
internal import TodoAppOperator

/// The logs of pods, each line with the pod that it comes from.
struct PodLogs: Sendable {
    private let client: KubernetesClient
    private let selection: LogSelection
    private let style: Style
    private let surroundings: PluginSurroundings
    /// The pods in the order in which they were met: each has a colour of its own, as far as colours go.
    private let met = Locked<[String]>([])

    init(
        _ client: KubernetesClient,
        _ selection: LogSelection,
        _ style: Style,
        _ surroundings: PluginSurroundings
    ) {
        self.client = client
        self.selection = selection
        self.style = style
        self.surroundings = surroundings
    }

    // MARK: What there is

    /// Prints the logs of these pods, one after the other.
    ///
    /// - Throws: ``PluginFailure`` where not one of them has a log.
    func print(_ pods: [Pod]) async throws(PluginFailure) {
        var troubles: [String] = []
        for pod in pods {
            do throws(KubernetesClientError) {
                try await self.copy(pod.metadata.key, container: pod.mainContainer, self.selection)
            } catch {
                troubles.append(sentence(error))
            }
        }
        if troubles.count == pods.count {
            var failure = PluginFailure()
            failure.lines = troubles
            throw failure
        }
        troubles.forEach(self.warn)
    }

    private func copy(
        _ pod: ObjectKey,
        container: String?,
        _ selection: LogSelection
    ) async throws(KubernetesClientError) {
        var selection = selection
        selection.container = container
        var lines = try await self.client.log(pod, selection, idle: longestSilence)
        let prefix = self.prefix(pod.name)
        while let line = try await lines.next() {
            self.surroundings.write("\(prefix)\(line)\n")
        }
    }

    private func prefix(_ pod: String) -> String {
        let number = self.met.withLock { met in
            if let index = met.firstIndex(of: pod) { return index }
            met.append(pod)
            return met.count - 1
        }
        return inked("[\(pod)]", .source(number), self.style) + " "
    }

    private func warn(_ line: String) {
        self.surroundings.writeError("kubectl todoapp: \(line)\n")
    }

    // MARK: What is still to come

    /// One run of a container: after a restart it is another one, with another log.
    fileprivate struct Run: Hashable {
        var pod: String
        var uid: String
        var restarts: Int64
    }

    /// Prints what the pods write, also those that come later, until the task is cancelled.
    func follow(_ app: ObjectKey, component: ComponentName?) async throws {
        let (changes, change) = AsyncStream.makeStream(of: StoreChange<Pod>.self)
        let trouble = Trouble()
        let informer = Informer(
            .children(of: app, .pods, component: component),
            client: self.client,
            store: Store<Pod>(),
            logger: Logger(label: KubectlTodoApp.programName) { _ in TroubleLog(trouble) },
            project: Pod.init(json:),
            onChange: { change.yield($0) }
        )
        trouble.onChange(self.warn)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await informer.run() }
            group.addTask {
                await withDiscardingTaskGroup { readers in
                    var known: Set<Run> = []
                    for await change in changes {
                        guard let pod = change.new, let run = pod.presentRun, known.insert(run).inserted else {
                            continue
                        }
                        // What was there at the start is shown as asked; whatever begins later, from its beginning.
                        let selection = change.isOfFirstList ? self.selection : self.selection.fromTheBeginning
                        readers.addTask { await self.read(pod, selection) }
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func read(_ pod: Pod, _ selection: LogSelection) async {
        do throws(KubernetesClientError) {
            try await self.copy(pod.metadata.key, container: pod.mainContainer, selection)
        } catch {
            if !error.isCancelled { self.warn(sentence(error)) }
        }
    }
}

/// A log that is followed may be silent for so long; the kubelet closes the stream after four hours itself.
private let longestSilence = Duration.seconds(4 * 3600)

private func sentence(_ error: KubernetesClientError) -> String {
    // The server's own sentence names pod and container.
    if case .refused(let status) = error.cause, !status.message.isEmpty { return status.message }
    return "\(error)"
}

extension LogSelection {
    /// The same, but whole: for a container that began while others were being followed.
    fileprivate var fromTheBeginning: LogSelection {
        var selection = self
        selection.tail = nil
        selection.sinceSeconds = nil
        return selection
    }
}

extension Pod {
    /// The container whose log is meant: the component's own, beside which others may have been put by somebody else.
    fileprivate var mainContainer: String? {
        let component = self.metadata.labels[ChildLabels.component]
        return (self.containers.first { $0.name == component } ?? self.containers.first)?.name
    }

    /// The run that has a log now; `nil` while the container waits.
    fileprivate var presentRun: PodLogs.Run? {
        guard let status = self.containers.first(where: { $0.name == self.mainContainer }) else { return nil }
        if case .waiting = status.state { return nil }
        return PodLogs.Run(pod: self.metadata.name, uid: self.metadata.uid, restarts: status.restartCount)
    }
}
