internal import CCrypto
internal import JSON
internal import KubernetesAPI
public import KubernetesClient
internal import Locks

/// Whether whoever shows a bearer token may read a path, as the API server judges it: a TokenReview says who it is, a
/// SubjectAccessReview whether the path is granted.
///
/// *Guarantees*: a verdict is kept for a minute if it is good and for ten seconds if it is bad, a thousand of them at most,
/// under a digest of the token and not under the token itself. Where the API server can't be asked, nobody is let in.
public final class TokenAuthorizer: Sendable {
    /// What came of it.
    public enum Verdict: Sendable, Equatable {
        /// Let in.
        case allowed
        /// Nobody that the API server knows.
        case unauthenticated
        /// Known, and not granted; who it is.
        case forbidden(String)
        /// The API server could not be asked; why, in one line.
        case unavailable(String)
    }

    private struct Memory {
        var verdicts: [[UInt8]: (verdict: Verdict, until: ContinuousClock.Instant)] = [:]
    }

    private static let goodFor = Duration.seconds(60)
    private static let badFor = Duration.seconds(10)
    private static let capacity = 1000
    private static let tokenReviews = ResourceType(
        group: "authentication.k8s.io",
        version: "v1",
        plural: "tokenreviews",
        kind: "TokenReview",
        isNamespaced: false
    )
    private static let accessReviews = ResourceType(
        group: "authorization.k8s.io",
        version: "v1",
        plural: "subjectaccessreviews",
        kind: "SubjectAccessReview",
        isNamespaced: false
    )

    private let client: KubernetesClient
    private let fieldManager: String
    private let time: TimeSource
    private let memory = Locked(Memory())

    /// An authorizer that asks with this client.
    public init(client: KubernetesClient, fieldManager: String, time: TimeSource = .system) {
        self.client = client
        self.fieldManager = fieldManager
        self.time = time
    }

    /// Whether the token's bearer may do this.
    ///
    /// - Parameters:
    ///   - token: What the bearer shows.
    ///   - verb: In lower case: `get`.
    ///   - path: A path that is no resource: `/metrics`.
    public func verdict(token: String, verb: String, path: String) async -> Verdict {
        let key = digest(of: "\(verb) \(path) \(token)")
        let now = self.time.now()
        let known = self.memory.withLock { $0.verdicts[key] }
        if let known, now < known.until { return known.verdict }
        let verdict = await self.review(token: token, verb: verb, path: path)
        let life: Duration
        switch verdict {
        case .allowed: life = Self.goodFor
        case .unauthenticated, .forbidden: life = Self.badFor
        case .unavailable: return verdict
        }
        self.memory.withLock { memory in
            if memory.verdicts.count >= Self.capacity {
                memory.verdicts = memory.verdicts.filter { now < $0.value.until }
            }
            // A flood of bad tokens: forgetting all costs a few questions more.
            if memory.verdicts.count >= Self.capacity { memory.verdicts = [:] }
            memory.verdicts[key] = (verdict, now + life)
        }
        return verdict
    }

    private func review(token: String, verb: String, path: String) async -> Verdict {
        do throws(KubernetesClientError) {
            let tokenReview = try await self.create(Self.tokenReviews, spec: ["token": .string(token)])
            guard tokenReview["status"]?["authenticated"]?.bool == true, let user = tokenReview["status"]?["user"]
            else { return .unauthenticated }
            var spec: JSONValue = ["nonResourceAttributes": ["verb": .string(verb), "path": .string(path)]]
            spec["user"] = user["username"]
            spec["uid"] = user["uid"]
            spec["groups"] = user["groups"]
            spec["extra"] = user["extra"]
            let accessReview = try await self.create(Self.accessReviews, spec: spec)
            let isAllowed = accessReview["status"]?["allowed"]?.bool == true
            return isAllowed ? .allowed : .forbidden(user["username"]?.string ?? "")
        } catch {
            return .unavailable("\(error)")
        }
    }

    private func create(_ type: ResourceType, spec: JSONValue) async throws(KubernetesClientError) -> JSONValue {
        try await self.client.create(
            type,
            namespace: nil,
            ["apiVersion": .string(type.apiVersion), "kind": .string(type.kind), "metadata": [:], "spec": spec],
            fieldManager: self.fieldManager
        ).value
    }
}

private func digest(of text: String) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(TODOAPP_SHA256_BYTES))
    let bytes = Array(text.utf8)
    // It can fail for want of memory alone; then the text itself is the key, which is as good.
    let isDone = unsafe todoapp_sha256(bytes, bytes.count, &digest) == 1
    return isDone ? digest : bytes
}
