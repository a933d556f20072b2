import ControllerRuntime
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTesting
import Testing

@Suite("TokenAuthorizer")
struct TokenAuthorizerTests {
    private let time = ManualTime()

    private func authorizer(_ transport: RecordedTransport) -> TokenAuthorizer {
        TokenAuthorizer(
            client: KubernetesClient(
                transport: transport,
                credential: NoCredential(),
                options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
            ),
            fieldManager: "unit-test",
            time: self.time.source
        )
    }

    /// An API server that knows the tokens that begin with `known`, and grants what they ask for with `granted` behind it.
    private var server: RecordedTransport {
        RecordedTransport { request in
            if request.path == "/apis/authentication.k8s.io/v1/tokenreviews" {
                let token = request.json["spec"]?["token"]?.string ?? ""
                guard token.hasPrefix("known") else { return .json(["status": ["authenticated": false]], status: 201) }
                return .json(
                    [
                        "status": [
                            "authenticated": true,
                            "user": ["username": .string(token), "uid": "u1", "groups": ["g"], "extra": ["k": ["v"]]],
                        ]
                    ],
                    status: 201
                )
            }
            let isGranted = request.json["spec"]?["user"]?.string?.hasSuffix("granted") == true
            return .json(["status": ["allowed": .bool(isGranted)]], status: 201)
        }
    }

    @Test("Who the token belongs to is asked first, and then whether that user may")
    func asks() async {
        let server = self.server
        let verdict = await self.authorizer(server).verdict(token: "known-granted", verb: "get", path: "/metrics")
        #expect(verdict == .allowed)
        #expect(
            server.requests.map(\.path) == [
                "/apis/authentication.k8s.io/v1/tokenreviews",
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            ]
        )
        #expect(
            server.requests.last?.json["spec"] == [
                "user": "known-granted", "uid": "u1", "groups": ["g"], "extra": ["k": ["v"]],
                "nonResourceAttributes": ["verb": "get", "path": "/metrics"],
            ]
        )
    }

    @Test("Nobody, somebody without the right, and a server that does not answer are three things")
    func refusals() async {
        let authorizer = self.authorizer(self.server)
        #expect(await authorizer.verdict(token: "stranger", verb: "get", path: "/metrics") == .unauthenticated)
        #expect(await authorizer.verdict(token: "known", verb: "get", path: "/metrics") == .forbidden("known"))
        let down = self.authorizer(RecordedTransport([.failure(.couldNotConnect("refused"))]))
        guard case .unavailable(let why) = await down.verdict(token: "secret", verb: "get", path: "/metrics") else {
            Issue.record("it must be unavailable")
            return
        }
        #expect(why.contains("refused"))
        #expect(!why.contains("secret"))
    }

    @Test("A good verdict is kept for a minute, a bad one for ten seconds, none for a server that does not answer")
    func remembers() async {
        let server = self.server
        let authorizer = self.authorizer(server)
        func ask(_ token: String) async -> Int {
            let before = server.requests.count
            _ = await authorizer.verdict(token: token, verb: "get", path: "/metrics")
            return server.requests.count - before
        }
        #expect(await ask("known-granted") == 2)
        #expect(await ask("known") == 2)
        self.time.advance(by: .seconds(9))
        #expect(await ask("known-granted") == 0)
        #expect(await ask("known") == 0)
        self.time.advance(by: .seconds(1))
        #expect(await ask("known") == 2)
        #expect(await ask("known-granted") == 0)
        self.time.advance(by: .seconds(50))
        #expect(await ask("known-granted") == 2)
        let down = RecordedTransport([])
        let lonely = self.authorizer(down)
        for _ in 0..<2 { _ = await lonely.verdict(token: "t", verb: "get", path: "/metrics") }
        #expect(down.requests.count == 2)
    }

    @Test("However many bad tokens are shown, no more than a thousand are remembered")
    func bounded() async {
        let server = self.server
        let authorizer = self.authorizer(server)
        _ = await authorizer.verdict(token: "known-granted", verb: "get", path: "/metrics")
        for number in 0..<1000 {
            _ = await authorizer.verdict(token: "stranger-\(number)", verb: "get", path: "/metrics")
        }
        let before = server.requests.count
        #expect(await authorizer.verdict(token: "known-granted", verb: "get", path: "/metrics") == .allowed)
        #expect(server.requests.count == before + 2)
    }
}
