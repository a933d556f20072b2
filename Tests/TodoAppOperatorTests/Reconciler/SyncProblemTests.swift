import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import Testing
import TodoAppAPI

@testable import TodoAppOperator

@Suite("SyncProblem")
struct SyncProblemTests {
    private let child: Child

    init() throws {
        let children = Sample.taskflow.app(in: .production).sampleChildren
        self.child = try #require(children.first { $0.resource == .deployments })
    }

    private func problem(_ cause: KubernetesClientError.Cause) -> SyncProblem {
        let operation = KubernetesClientError.Operation(verb: "create", resource: "deployments.apps", subject: "a/b")
        return SyncProblem(
            WriteError(child: self.child, error: KubernetesClientError(operation: operation, cause: cause))
        )
    }

    private static func status(_ code: Int, _ message: String, cause: String? = nil) -> KubernetesStatus {
        let causes = cause.map { [KubernetesStatus.Cause(reason: $0, message: "", field: "")] } ?? []
        return KubernetesStatus(code: code, reason: "R", message: message, details: .init(causes: causes))
    }

    @Test(
        "Each refusal has its reason, and only what may mend itself is passing",
        arguments: [
            (status(403, "pods is forbidden: exceeded quota: small"), .quotaExceeded, false),
            (status(403, "cannot create resource"), .forbidden, false),
            (status(403, "being terminated", cause: "NamespaceTerminating"), .namespaceTerminating, false),
            (status(403, "admission webhook \"x\" denied the request: no"), .admissionDenied, false),
            (status(400, "admission webhook \"x\" denied the request: no"), .admissionDenied, false),
            (status(422, "spec.replicas: Invalid value"), .applyFailed, false),
            (status(400, "bad"), .applyFailed, false),
            (status(409, "changed"), .applyFailed, true),
            (status(429, "busy"), .applyFailed, true),
            (status(500, "boom"), .applyFailed, true),
            (status(404, "namespaces \"a\" not found"), .applyFailed, true),
        ] as [(KubernetesStatus, SyncReason, Bool)]
    )
    func refusals(_ status: KubernetesStatus, _ reason: SyncReason, _ isPassing: Bool) {
        let problem = self.problem(.refused(status))
        #expect(problem.reason == reason)
        #expect(problem.isPassing == isPassing)
        #expect(problem.message == "Deployment taskflow-backend: \(status)")
    }

    @Test("What did not reach the server passes")
    func transport() {
        let problem = self.problem(.transport(.couldNotConnect("refused")))
        #expect(
            problem == SyncProblem(.applyFailed, "Deployment taskflow-backend: no connection: refused", isPassing: true)
        )
    }

    @Test("A stranger is named, and how to take the object over")
    func stranger() {
        let problem = SyncProblem(WriteError(child: self.child, owner: "HelmRelease web"))
        #expect(problem.reason == .ownershipConflict)
        #expect(!problem.isPassing)
        #expect(
            problem.message.hasPrefix("Deployment taskflow-backend belongs to HelmRelease web and is left as it is")
        )
        #expect(problem.message.contains("todo.taskflow.dev/adopt=true"))
    }

    @Test("What an app's Secret lacks has the reason that conditions know")
    func secrets() {
        #expect(SyncProblem(.sourceNotFound("a")).reason == .referencedSecretNotFound)
        #expect(SyncProblem(.keyMissing("K", sources: ["a"])).reason == .referencedKeyNotFound)
        #expect(!SyncProblem(.keyMissing("K", sources: ["a"])).isPassing)
    }

    @Test("A Secret that may not be read is forbidden, one that cannot be read now passes")
    func secretReads() {
        func problem(_ code: Int) -> SyncProblem {
            let operation = KubernetesClientError.Operation(verb: "get", resource: "secrets", subject: "a/s")
            let error = KubernetesClientError(operation: operation, cause: .refused(Self.status(code, "m")))
            return SyncProblem(error, readingSecret: "s")
        }
        #expect(problem(403) == SyncProblem(.forbidden, "Secret s: 403 R: m"))
        #expect(problem(500) == SyncProblem(.applyFailed, "Secret s: 500 R: m", isPassing: true))
    }

    @Test("Only a spec that is invalid or has failed, a stranger and a missing right wait for somebody")
    func stalled() {
        let stalled: Set<SyncReason> = [.invalidSpec, .ownershipConflict, .forbidden, .rolledBack]
        #expect(Set(SyncReason.allCases.filter(\.isStalled)) == stalled)
    }

    @Test("A node port that somebody else has is known by the API server's words")
    func nodePort() throws {
        let children = Sample.cohere.app(in: .minikube).sampleChildren
        let service = try #require(children.first { $0.resource == .services })
        let taken = KubernetesClientError(
            operation: .init(verb: "create", resource: "services", subject: "a/b"),
            cause: .refused(
                Self.status(422, "spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated")
            )
        )
        #expect(WriteError(child: service, error: taken).componentWithTakenNodePort == .backend)
        #expect(WriteError(child: self.child, error: taken).componentWithTakenNodePort == nil)
        let other = KubernetesClientError(operation: taken.operation, cause: .refused(Self.status(422, "no")))
        #expect(WriteError(child: service, error: other).componentWithTakenNodePort == nil)
    }
}
