internal import ArgumentParser
internal import CurlTransport
internal import FoundationEssentials
internal import KubernetesAPI
internal import KubernetesClient
internal import Logging
internal import Observability
internal import ServiceLifecycle
internal import TodoAppOperator
internal import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the operator until SIGTERM or SIGINT.",
        discussion: """
            It watches TodoApps in one namespace or in all, keeps their children as they should be, and writes their \
            status. On a signal it finishes what is in flight, for 20 seconds at most, and exits with 0.
            """
    )

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "The namespace to watch. Default: all.")
    var namespace: String?

    @Option(help: "How many TodoApps are reconciled at a time.")
    var workers = 4

    @Option(help: "How log lines look: text or json.", transform: logFormat(named:))
    var logFormat = LogFormat.text

    @Option(
        help: "The least level that is logged: trace, debug, info, notice, warning, error, critical.",
        transform: logLevel(named:)
    )
    var logLevel = Logger.Level.info

    func validate() throws {
        guard (1...64).contains(self.workers) else { throw ValidationError("--workers: must be from 1 to 64") }
    }

    func run() async throws {
        let logger = self.makeLogger()
        let (connection, client) = try self.cluster.connect()
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
                "namespace": "\(self.namespace ?? "all")",
            ]
        )
        let operatorServices: OperatorServices
        do {
            operatorServices = try await OperatorServices(
                client: client,
                options: OperatorServices.Options(
                    namespace: self.namespace,
                    workers: self.workers,
                    instance: ProcessInfo.processInfo.hostName
                ),
                surroundings: .system,
                logger: logger
            )
        } catch {
            throw CommandFailure(error)
        }
        try await self.serve(operatorServices, logger: logger)
        await client.close()
        logger.info("stopped")
    }

    private func serve(_ operatorServices: OperatorServices, logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: operatorServices.services.map { service in
                ServiceGroupConfiguration.ServiceConfiguration(
                    service: service,
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup
                )
            },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // Services that are cancelled on shutdown end this way.
        } catch {
            throw CommandFailure(error)
        }
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
    fileprivate static let system = TodoAppReconciler.Surroundings(
        now: { Date().timeIntervalSince1970 },
        randomBytes: { count in
            var generator = SystemRandomNumberGenerator()
            return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        },
        operatorVersion: BuildInformation.version
    )
}
