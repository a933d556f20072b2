internal import ControllerRuntime
internal import CurlTransport
internal import HTTPTransport
internal import KubernetesClient
internal import Logging
internal import Observability
internal import TodoAppOperator

/// What a running operator is put together from: connections, the clients on them, metrics and the leadership.
struct OperatorParts {
    let registry: PrometheusRegistry
    let leadership: Leadership
    let territory: Territory
    /// For what every replica may do, whoever leads.
    let plainClient: KubernetesClient
    /// For what the leader alone may do.
    let clients: OperatorServices.Clients

    private let election: Election?

    /// The replica's own Lease, and the connection of its own for what concerns it: a busy one must not cost the lease.
    private struct Election {
        var lease: LeaderElector.Options
        /// How the other members are found, where all replicas work.
        var sharing: ShardKeeper.Options?
        var client: KubernetesClient
    }

    /// Prepares connections; none is opened yet.
    init(_ connection: ClusterConnection, election: ElectionOptions) throws {
        let registry = PrometheusRegistry(MetricDescription.runtime)
        let leadership = election.isShared ? Leadership() : .unneeded
        func transport() throws(HTTPTransportError) -> any HTTPTransport {
            MeasuredTransport(
                try connection.makeTransport(),
                host: host(of: connection.transport.server),
                factory: registry
            )
        }
        func client(_ transport: any HTTPTransport, _ options: KubernetesClient.Options) -> KubernetesClient {
            KubernetesClient(transport: transport, credential: connection.credential, options: options)
        }
        let usual = KubernetesClient.Options(userAgent: ClusterOptions.userAgent)
        let shared = try transport()
        self.registry = registry
        self.leadership = leadership
        self.plainClient = client(shared, usual)
        self.clients = OperatorServices.Clients(
            work: client(FencedTransport(shared, leadership: leadership, purpose: .work), usual),
            report: client(FencedTransport(shared, leadership: leadership, purpose: .report), usual)
        )
        guard election.isShared else {
            self.election = nil
            self.territory = .everything
            return
        }
        let lease = try election.options(in: connection)
        self.election = Election(
            lease: lease,
            sharing: election.isSharded ? election.sharing(lease) : nil,
            client: client(
                try transport(),
                LeaderElector.clientOptions(userAgent: ClusterOptions.userAgent, times: lease.times)
            )
        )
        self.territory = election.isSharded ? Territory(sharedBy: lease.identity) : .everything
    }

    /// Who takes part in the election, if there is one.
    func elector(
        wallClock: @escaping @Sendable () -> Double,
        logger: Logger,
        isReady: @escaping @Sendable () -> Bool
    ) -> LeaderElector? {
        guard let election = self.election else { return nil }
        let metrics = ElectionMetrics(name: election.lease.name, factory: self.registry)
        return LeaderElector(
            client: election.client,
            options: election.lease,
            leadership: self.leadership,
            wallClock: wallClock,
            logger: logger,
            isReady: isReady,
            tell: { metrics.note($0) }
        )
    }

    /// Who shares the TodoApps with the other replicas, if all of them work.
    func keeper(logger: Logger, wake: @escaping @Sendable (_ isGained: (String) -> Bool) -> Void) -> ShardKeeper? {
        guard let election = self.election, let sharing = election.sharing else { return nil }
        return ShardKeeper(
            client: election.client,
            options: sharing,
            leadership: self.leadership,
            territory: self.territory,
            logger: logger,
            wake: wake
        )
    }

    /// Closes the connections.
    func close() async {
        await self.plainClient.close()
        await self.election?.client.close()
    }
}

/// Host and port of a server's URL, as metrics name it.
private func host(of server: String) -> String {
    let rest = server.firstRange(of: "://").map { server[$0.upperBound...] } ?? server[...]
    return String(rest.prefix { $0 != "/" })
}
