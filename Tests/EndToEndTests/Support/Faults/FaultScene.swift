import Foundation
import JSON
import NIOHTTP1
import Testing

/// A namespace with an operator of its own, and what stands between that and the API server.
struct FaultScene: Sendable {
    /// How the operator reaches the API server.
    enum Route: Sendable {
        /// As in a cluster.
        case direct
        /// Through a proxy that reads and spoils.
        case proxy
        /// Through a relay that passes bytes, or does not.
        case relay
        /// Through a relay that leads to the API server, or to a proxy.
        case relayOrProxy
    }

    let purpose: String
    let plane: ControlPlane
    let namespace: String
    /// Where it keeps its files.
    let folder: String
    let process: SubjectProcess
    let proxy: FaultProxy?
    let relay: Relay?

    /// What the operator is started with beside its namespace.
    static let arguments = ["run"]

    /// The values that no log may hold.
    static let secrets = ["canary-database", "canary-openai"]

    /// The route is another one than the test thinks.
    struct WrongRoute: Error {}

    /// Makes a scene, plays on it, and clears it away.
    ///
    /// - Parameter isStarted: Whether the operator runs when the play begins.
    static func with<Outcome: Sendable>(
        _ purpose: String,
        route: Route = .proxy,
        identity: Identity = .certificate,
        isStarted: Bool = true,
        _ play: (FaultScene) async throws -> Outcome
    ) async throws -> Outcome {
        let plane = try ControlPlane.fromEnvironment()
        let namespace = "faults-\(purpose)-\(UUID().uuidString.lowercased().prefix(5))"
        let folder = ClusterUnderTest.file("build/faults/\(namespace)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let isWithToken = if case .token = identity { true } else { false }
        let proxy: FaultProxy? =
            switch route {
            case .proxy, .relayOrProxy:
                try FaultProxy(to: plane.upstream(withCertificate: !isWithToken), certificate: plane.serverCertificate)
            case .direct, .relay: nil
            }
        let relay: Relay? =
            switch route {
            case .relay, .relayOrProxy: Relay(toHost: plane.host, port: plane.port)
            case .direct, .proxy: nil
            }
        try await proxy?.start()
        try await relay?.start()
        let port = relay?.port ?? proxy?.port
        let server = port.map { "https://127.0.0.1:\($0)" } ?? plane.url
        let kubeconfig = "\(folder)/kubeconfig"
        try identity.kubeconfig(server: server, of: plane, folder: folder).text()
            .write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        let scene = FaultScene(
            purpose: purpose,
            plane: plane,
            namespace: namespace,
            folder: folder,
            process: try SubjectProcess(
                plane.program,
                Self.arguments + ["--namespace", namespace],
                kubeconfig: kubeconfig,
                log: "\(folder)/operator.log"
            ),
            proxy: proxy,
            relay: relay
        )
        try await scene.prepare()
        let result: Result<Outcome, any Error>
        do {
            if isStarted {
                try scene.process.start()
                try await scene.process.waitUntilReady()
            }
            result = .success(try await play(scene))
        } catch {
            result = .failure(error)
        }
        let wasWell = if case .success = result { true } else { false }
        try await scene.end(wasWell: wasWell)
        return try result.get()
    }

    private func prepare() async throws {
        try await self.plane.admin.call(.POST, "/api/v1/namespaces", Manifest.namespace(self.namespace))
        var credentials = Manifest.secret(Credentials.secretName, Credentials.taskflow)
        credentials["metadata"]?["namespace"] = .string(self.namespace)
        try await self.plane.admin.call(.POST, "/api/v1/namespaces/\(self.namespace)/secrets", credentials)
    }

    /// - Parameter wasWell: After a failure nothing more is asked of the operator, so that one failure is told once.
    private func end(wasWell: Bool) async throws {
        self.proxy?.behave()
        self.relay?.thaw()
        let code = await self.process.stop()
        if wasWell {
            #expect(code == nil || code == 0, "SIGTERM ends the operator with 0; its log: \(self.folder)")
            let log = try self.process.logText
            for secret in Self.secrets {
                #expect(!log.contains(secret), "the log holds a secret: \(self.folder)")
            }
        }
        await self.proxy?.stop()
        await self.relay?.stop()
        do {
            try await self.plane.admin.call(.DELETE, "/api/v1/namespaces/\(self.namespace)")
        } catch let refusal as Upstream.Refusal where [404, 409].contains(refusal.code) {
            // It is gone already, or going.
        }
    }
}

// MARK: - Whom the operator says it is

extension FaultScene {
    /// Whom the operator says it is, and whom it trusts.
    enum Identity: Sendable {
        /// The cluster's user for operators.
        case certificate
        /// The same, and the authority is a file that is exchanged: `authority` in the scene's folder.
        case certificateTrustingFile
        /// Whoever the token is in a file that is exchanged: `token` in the scene's folder.
        case token(String)

        fileprivate func kubeconfig(server: String, of plane: ControlPlane, folder: String) throws -> JSONValue {
            var cluster: JSONValue = ["server": .string(server)]
            var user: JSONValue = [
                "client-certificate": .string(plane.operatorCertificate.file),
                "client-key": .string(plane.operatorCertificate.key),
            ]
            cluster["certificate-authority"] = .string(plane.authority)
            switch self {
            case .certificate: break
            case .certificateTrustingFile:
                let file = "\(folder)/authority"
                try FileManager.default.copyItem(atPath: plane.authority, toPath: file)
                cluster["certificate-authority"] = .string(file)
            case .token(let token):
                let file = "\(folder)/token"
                try token.write(toFile: file, atomically: true, encoding: .utf8)
                user = ["tokenFile": .string(file)]
            }
            return [
                "apiVersion": "v1", "kind": "Config", "current-context": "faults",
                "contexts": [["name": "faults", "context": ["cluster": "faults", "user": "operator"]]],
                "clusters": [["name": "faults", "cluster": cluster]],
                "users": [["name": "operator", "user": user]],
            ]
        }
    }
}

// MARK: - What happens on it

extension FaultScene {
    private static let apps = "/apis/todo.taskflow.dev/v1alpha1"

    /// Applies a TodoApp: it is made, or made so.
    @discardableResult
    func apply(_ app: JSONValue) async throws -> JSONValue {
        var app = app
        app["metadata"]?["namespace"] = .string(self.namespace)
        return try await self.plane.admin.call(
            .PATCH,
            "\(self.path(ofApps: app.name))?fieldManager=faults&force=true",
            app,
            contentType: "application/apply-patch+yaml"
        )
    }

    /// Deletes a TodoApp; its children follow.
    func delete(_ app: String) async throws {
        try await self.plane.admin.call(.DELETE, self.path(ofApps: app))
    }

    func path(ofApps name: String = "") -> String {
        "\(Self.apps)/namespaces/\(self.namespace)/todoapps" + (name.isEmpty ? "" : "/\(name)")
    }

    /// The TodoApps as they are.
    func apps() async throws -> [JSONValue] {
        try await self.plane.admin.call(.GET, self.path(ofApps: ""))["items"]?.array ?? []
    }

    /// A child as it is; `nil` where there is none.
    func child(_ kind: Picture.Kind, _ name: String) async throws -> JSONValue? {
        do {
            return try await self.plane.admin.call(
                .GET,
                "\(kind.path)/namespaces/\(self.namespace)/\(kind.plural)/\(name)"
            )
        } catch let refusal as Upstream.Refusal where refusal.code == 404 {
            return nil
        }
    }

    /// Waits until all TodoApps are seen as they are and have been applied; gives how long that took.
    @discardableResult
    func settle(within limit: Duration = .seconds(120)) async throws -> Duration {
        let start = ContinuousClock.now
        var apps: [JSONValue] = []
        try await awaited(
            "\(self.purpose): all TodoApps are applied",
            within: limit,
            lastSeen: { apps.map(Self.line).joined(separator: "; ") },
            {
                apps = try await self.apps()
                return apps.allSatisfy(Self.isSettled)
            }
        )
        return ContinuousClock.now - start
    }

    static func isSettled(_ app: JSONValue) -> Bool {
        app.at("status.observedGeneration") == app.at("metadata.generation") && app.isTrue("ResourcesSynced")
    }

    private static func line(_ app: JSONValue) -> String {
        let condition = app.condition("ResourcesSynced")
        return "\(app.name) \(condition?["reason"]?.string ?? "unseen"): \(condition?["message"]?.string ?? "")"
    }

    /// The proxy of a scene that has one.
    func neededProxy() throws -> FaultProxy {
        guard let proxy = self.proxy else { throw WrongRoute() }
        return proxy
    }

    /// The relay of a scene that has one.
    func neededRelay() throws -> Relay {
        guard let relay = self.relay else { throw WrongRoute() }
        return relay
    }

    /// Prints what was measured, with the run's seed.
    func tell(_ text: String) {
        print("faults: \(self.purpose): \(text) (FAULT_SEED=\(FaultSeed.number))")
    }
}
