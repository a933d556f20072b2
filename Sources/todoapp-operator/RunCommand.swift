internal import ArgumentParser
internal import ControllerRuntime
internal import CurlTransport
internal import FoundationEssentials
internal import KubernetesAPI
internal import KubernetesClient
internal import Logging
internal import Observability
internal import TodoAppOperator
internal import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the operator until SIGTERM or SIGINT.",
        discussion: """
            It watches TodoApps in some namespaces or in all, keeps their children as they should be, and writes their \
            status. On a signal it takes nothing new, finishes what is in flight, gives back its lease, posts what \
            events are waiting, all within 20 seconds, and exits with 0.

            Exit codes: 0 after a signal; 1 it cannot run, and says why; 2 it was called wrongly; 3 it lost its lease, \
            and is to be started again; 130 and 143 after a second SIGINT or SIGTERM, with which it ends at once.
            """
    )

    @OptionGroup var cluster: ClusterOptions

    @OptionGroup(title: "Leader election") var election: ElectionOptions

    @OptionGroup(title: "Probes and metrics") var serving: ServingOptions

    @Option(help: "A namespace to watch; may be given several times, or with commas. Default: all.")
    var namespace: [String] = []

    @Option(
        help: ArgumentHelp(
            "Which TodoApps are looked after, by their labels, such as team=blue. Default: all.",
            discussion: "With --leader-elect or --sharded it needs a lease of its own: --leader-elect-resource-name.",
            valueName: "label-selector"
        ),
        transform: labelSelector
    )
    var selector: LabelSelector?

    // A pass mostly waits for the API server: with sixteen, statuses waited for a worker and not for it as soon as it had
    // much to do (docs/performance.md).
    @Option(help: "How many TodoApps are reconciled at a time.")
    var workers = 32

    @Option(help: "The image of embedded databases; it reads the variables of Docker's official postgres.")
    var databaseImage = defaultDatabaseImage

    @Option(help: "How log lines look: text or json.", transform: logFormat(named:))
    var logFormat = LogFormat.text

    @Option(
        help: "The least level that is logged: trace, debug, info, notice, warning, error, critical.",
        transform: logLevel(named:)
    )
    var logLevel = Logger.Level.info

    private var namespaces: [String] {
        self.namespace.flatMap { $0.split(separator: ",").map(String.init) }
    }

    func validate() throws {
        guard (1...64).contains(self.workers) else { throw ValidationError("--workers: must be from 1 to 64") }
        if self.selector != nil, self.election.isShared, !self.election.isLeaseNamed {
            throw ValidationError(
                "--selector with --leader-elect or --sharded needs --leader-elect-resource-name: operators of different TodoApps that share "
                    + "a lease wait for each other"
            )
        }
    }

    func run() async throws {
        let logger = self.makeLogger()
        let connection = try self.cluster.find()
        do {
            let parts = try OperatorParts(connection, election: self.election)
            try await self.greet(connection, parts.plainClient, logger)
            try await self.manager(of: parts, logger: logger).run()
            await parts.close()
        } catch let error as LeadershipLost {
            StandardError.write("todoapp-operator: \(error)\n")
            Process.exit(with: .leaseLost)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(error)
        }
        logger.info("stopped")
    }

    private func greet(_ connection: ClusterConnection, _ client: KubernetesClient, _ logger: Logger) async throws {
        let version: ServerVersion
        do {
            version = try await client.serverVersion()
        } catch {
            throw CommandFailure([connection.explanation(of: error)])
        }
        logger.info(
            "connected",
            metadata: [
                "server": "\(connection.transport.server)", "kubernetes": "\(version.gitVersion)",
                "version": "\(BuildInformation.version)",
                "namespaces": "\(self.namespaces.isEmpty ? "all" : self.namespaces.joined(separator: ","))",
                "selector": "\(self.selector?.description ?? "none")",
            ]
        )
    }

    private func manager(of parts: OperatorParts, logger: Logger) async throws -> Manager {
        let services = try await OperatorServices(
            clients: parts.clients,
            options: OperatorServices.Options(
                namespaces: self.namespaces,
                selector: self.selector,
                workers: self.workers,
                instance: ProcessInfo.processInfo.hostName
            ),
            surroundings: .system(databaseImage: self.databaseImage),
            leadership: parts.leadership,
            territory: parts.territory,
            metrics: parts.registry,
            logger: logger
        )
        parts.registry.onCollect(services.collect)
        var manager = Manager(logger: logger)
        manager.servers = try self.serving.servers(
            probes: ProbeAnswers(
                live: [.leaseKept(parts.leadership)],
                ready: services.checks + [.lease(parts.leadership)]
            ),
            registry: parts.registry,
            client: parts.plainClient,
            logger: logger
        )
        manager.recorders = [services.recorder]
        manager.informers = services.informers + services.optionalInformers
        manager.elector = parts.elector(
            wallClock: { Date().timeIntervalSince1970 },
            logger: logger,
            isReady: services.isReady
        )
        // The one that shares the work ends after what works, and before its lease is given back.
        manager.controllers =
            (parts.keeper(logger: logger, wake: services.wake).map { [$0] } ?? []) + [services.controller]
        manager.onSecondSignal = { signal in
            StandardError.write("todoapp-operator: a second signal, ending at once\n")
            Process.exitAtOnce(afterSignal: signal.rawValue)
        }
        return manager
    }

    private func makeLogger() -> Logger {
        let (format, level) = (self.logFormat, self.logLevel)
        return Logger(label: "todoapp-operator") { _ in
            LineLogHandler(
                format: format,
                level: level,
                now: { Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) },
                write: { StandardError.write($0) }
            )
        }
    }
}

private func labelSelector(_ text: String) throws -> LabelSelector {
    do throws(LabelSelectorError) {
        return try LabelSelector(parsing: text)
    } catch {
        throw ValidationError("\(error)")
    }
}

private func logFormat(named name: String) throws -> LogFormat {
    guard let format = LogFormat(rawValue: name) else { throw ValidationError("must be text or json") }
    return format
}

private func logLevel(named name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
        throw ValidationError("must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return level
}

extension TodoAppReconciler.Surroundings {
    /// The machine's own clock and source of chance.
    fileprivate static func system(databaseImage: String) -> TodoAppReconciler.Surroundings {
        TodoAppReconciler.Surroundings(
            now: { Date().timeIntervalSince1970 },
            randomBytes: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            },
            operatorVersion: BuildInformation.version,
            databaseImage: databaseImage
        )
    }
}
