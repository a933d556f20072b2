import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks

/// A client whose server is a script, and whose pauses are noted and not waited for.
struct TestClient {
    let transport: RecordedTransport
    let credential: CountingCredential
    let client: KubernetesClient
    private let time = ManualTime()

    init(_ answers: RecordedTransport.Answer...) {
        self.init(RecordedTransport(answers))
    }

    init(
        _ transport: RecordedTransport,
        credential: CountingCredential = CountingCredential(),
        rateLimit: RateLimit = .none
    ) {
        self.transport = transport
        self.credential = credential
        let time = self.time
        self.client = KubernetesClient(
            transport: transport,
            credential: self.credential,
            options: KubernetesClient.Options(
                userAgent: "unit-test/1",
                rateLimit: rateLimit,
                now: { time.now },
                sleep: { try await time.skip($0) },
                random: { 1 }
            )
        )
    }

    var pauses: [Duration] {
        self.time.pauses
    }

    /// `METHOD target` of every request.
    var lines: [String] {
        self.transport.requests.map { "\($0.method) \($0.target)" }
    }
}

/// A credential that shows how often it was refused.
final class CountingCredential: Credential {
    private let invalidations = Locked(0)
    private let hasOthers: Bool

    init(hasOthers: Bool = false) {
        self.hasOthers = hasOthers
    }

    var invalidated: Int {
        self.invalidations.withLock { $0 }
    }

    func headers() async throws(CredentialError) -> [(name: String, value: String)] {
        [(name: "Authorization", value: "Bearer token-\(self.invalidated)")]
    }

    func invalidate(_ refused: [(name: String, value: String)]) async -> Bool {
        self.invalidations.withLock { $0 += 1 }
        return self.hasOthers
    }
}

/// The cause with which an operation failed; `nil` if it did not.
func causeOfFailure(
    _ body: () async throws(KubernetesClientError) -> Void
) async -> KubernetesClientError.Cause? {
    do throws(KubernetesClientError) {
        try await body()
        return nil
    } catch {
        return error.cause
    }
}

extension ObjectKey {
    static let web = ObjectKey(namespace: "shop", name: "web")
}
