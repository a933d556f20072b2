import HTTPTransport
import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Testing

@Suite("KubernetesClient")
struct KubernetesClientTests {
    private static let pod: JSONValue = ["kind": "Pod", "metadata": ["name": "web", "namespace": "shop"]]

    // MARK: What is sent

    @Test("A GET names the object, the wanted form and the caller")
    func get() async throws {
        let test = TestClient(.json(Self.pod))
        #expect(try await test.client.get(.pods, .web) == Self.pod)
        let request = try #require(test.transport.requests.first)
        #expect(test.lines == ["GET /api/v1/namespaces/shop/pods/web"])
        #expect(request.header("Accept") == "application/json")
        #expect(request.header("User-Agent") == "unit-test/1")
        #expect(request.header("Authorization") == "Bearer token-0")
        #expect(request.header("Content-Type") == nil)
        #expect(request.body == nil)
        #expect(request.deadline == .within(.seconds(30)))
    }

    @Test("A creation is a POST of the whole manifest to the collection")
    func create() async throws {
        let test = TestClient(.json(Self.pod, status: 201))
        _ = try await test.client.create(.pods, namespace: "shop", Self.pod, fieldManager: "me & you")
        let request = try #require(test.transport.requests.first)
        #expect(test.lines == ["POST /api/v1/namespaces/shop/pods?fieldManager=me%20%26%20you"])
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.json == Self.pod)
    }

    @Test("An apply is a PATCH that wins conflicts under the manager's name")
    func apply() async throws {
        let test = TestClient(.json(Self.pod))
        _ = try await test.client.apply(.deployments, .web, Self.pod, fieldManager: "op")
        let request = try #require(test.transport.requests.first)
        #expect(test.lines == ["PATCH /apis/apps/v1/namespaces/shop/deployments/web?fieldManager=op&force=true"])
        #expect(request.header("Content-Type") == "application/apply-patch+yaml")
        #expect(request.json == Self.pod)
    }

    @Test("A merge goes to the object or to its sub-resource")
    func merge() async throws {
        let test = TestClient(.json(Self.pod), .json(Self.pod))
        _ = try await test.client.merge(.pods, .web, ["a": 1], fieldManager: "op")
        _ = try await test.client.merge(.pods, .web, subresource: "status", ["status": ["a": nil]], fieldManager: "op")
        #expect(
            test.lines == [
                "PATCH /api/v1/namespaces/shop/pods/web?fieldManager=op",
                "PATCH /api/v1/namespaces/shop/pods/web/status?fieldManager=op",
            ]
        )
        let request = try #require(test.transport.requests.last)
        #expect(request.header("Content-Type") == "application/merge-patch+json")
        #expect(request.body.map { String(decoding: $0, as: UTF8.self) } == #"{"status":{"a":null}}"#)
    }

    @Test("A patch step by step is sent as its steps")
    func patch() async throws {
        let test = TestClient(.json(Self.pod))
        let patch = JSONPatch([.test(JSONPointer(["a"]), 1), .replace(JSONPointer(["a"]), 2)])
        _ = try await test.client.patch(.pods, .web, patch, fieldManager: "op")
        let request = try #require(test.transport.requests.first)
        #expect(request.header("Content-Type") == "application/json-patch+json")
        let expected: JSONValue = [
            ["op": "test", "path": "/a", "value": 1], ["op": "replace", "path": "/a", "value": 2],
        ]
        #expect(request.json == expected)
    }

    @Test("A deletion names the UID that it is meant for")
    func delete() async throws {
        let test = TestClient(.json(["kind": "Status"]))
        try await test.client.delete(.pods, .web, uid: "u-1")
        let request = try #require(test.transport.requests.first)
        #expect(test.lines == ["DELETE /api/v1/namespaces/shop/pods/web"])
        let expected: JSONValue = [
            "apiVersion": "v1", "kind": "DeleteOptions", "preconditions": ["uid": "u-1"],
            "propagationPolicy": "Background",
        ]
        #expect(request.json == expected)
    }

    @Test(
        "A watch may begin with what is there from 1.32 on, and not where the version cannot be told",
        arguments: [("v1.31.9", false), ("v1.32.0", true), ("v1.40.1+k3s1", true), ("v2.50.0", false), ("", false)]
    )
    func initialEvents(version: String, may: Bool) {
        #expect(ServerVersion(gitVersion: version).mayStreamInitialEvents == may)
    }

    @Test("Discovery asks for the version, and for what a group serves")
    func discovery() async throws {
        let test = TestClient(
            .json(["gitVersion": "v1.31.2"]),
            .json(["resources": [["name": "pods"], ["name": "pods/status"]]]),
            .json(["resources": [["name": "deployments"]]]),
            .refusal(404, reason: "NotFound")
        )
        #expect(try await test.client.serverVersion().gitVersion == "v1.31.2")
        #expect(try await test.client.serves(.pods))
        #expect(try await !test.client.serves(.replicaSets))
        #expect(try await !test.client.serves(.podDisruptionBudgetsBeta))
        #expect(test.lines == ["GET /version", "GET /api/v1", "GET /apis/apps/v1", "GET /apis/policy/v1beta1"])
    }

    // MARK: What comes back

    @Test("A refusal carries the server's Status whole, and the operation")
    func refusal() async {
        let test = TestClient(
            .json(
                [
                    "kind": "Status", "code": 422, "reason": "Invalid", "message": "no good",
                    "details": ["name": "web", "causes": [["reason": "R", "message": "m", "field": "spec.x"]]],
                ],
                status: 422
            )
        )
        let details = KubernetesStatus.Details(name: "web", causes: [.init(reason: "R", message: "m", field: "spec.x")])
        let expected = KubernetesClientError(
            operation: .init(verb: "create", resource: "pods", subject: "shop/web"),
            cause: .refused(KubernetesStatus(code: 422, reason: "Invalid", message: "no good", details: details))
        )
        await #expect(throws: expected) {
            try await test.client.create(.pods, namespace: "shop", Self.pod, fieldManager: "op")
        }
        #expect("\(expected)" == "create pods shop/web: 422 Invalid: no good")
    }

    @Test("Where a proxy answers instead of the API server, its words stand for the message")
    func proxyRefusal() async {
        let test = TestClient(
            .response(status: 413, headers: [], chunks: [Array("<p>too large</p>".utf8)], end: .complete)
        )
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.get(.pods, .web)
        }
        #expect(cause == .refused(KubernetesStatus(code: 413, reason: "", message: "<p>too large</p>")))
    }

    @Test("A sub-resource stands in the operation's name")
    func operationName() async {
        let test = TestClient(.refusal(404, reason: "NotFound", message: "gone"))
        do throws(KubernetesClientError) {
            _ = try await test.client.merge(.deployments, .web, subresource: "status", [:], fieldManager: "op")
            Issue.record("it was refused")
        } catch {
            #expect("\(error)" == "patch deployments.apps/status shop/web: 404 NotFound: gone")
            #expect(error.status?.isNotFound == true)
            #expect(!error.isCancelled)
        }
    }

    @Test("An answer that is no JSON is unreadable, and not asked for again")
    func unreadable() async {
        let test = TestClient(.response(status: 200, headers: [], chunks: [Array("{\"a\"".utf8)], end: .complete))
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.get(.pods, .web)
        }
        guard case .unreadableAnswer = cause else {
            Issue.record("unexpected: \(String(describing: cause))")
            return
        }
        #expect(test.lines.count == 1)
    }

    // MARK: Credentials

    @Test("A 401 drops the token, so that the next call shows another one")
    func unauthorized() async throws {
        let test = TestClient(.refusal(401, reason: "Unauthorized"), .json(Self.pod))
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.get(.pods, .web)
        }
        guard case .refused(let status) = cause, status.isUnauthorized else {
            Issue.record("unexpected: \(String(describing: cause))")
            return
        }
        _ = try await test.client.get(.pods, .web)
        #expect(test.transport.requests.map { $0.header("Authorization") } == ["Bearer token-0", "Bearer token-1"])
    }

    @Test("Where there is another credential after a 401, the call is sent once more, a POST too, and at once")
    func otherCredential() async throws {
        let transport = RecordedTransport([.refusal(401, reason: "Unauthorized"), .json(Self.pod, status: 201)])
        let test = TestClient(transport, credential: CountingCredential(hasOthers: true))
        _ = try await test.client.create(.pods, namespace: "shop", Self.pod, fieldManager: "op")
        #expect(transport.requests.map { $0.header("Authorization") } == ["Bearer token-0", "Bearer token-1"])
        #expect(test.pauses == [])
    }

    @Test("A second 401 is final, whatever the credential promises")
    func unauthorizedTwice() async throws {
        let refusal = RecordedTransport.Answer.refusal(401, reason: "Unauthorized")
        let test = TestClient(
            RecordedTransport([refusal, refusal, .json(Self.pod)]),
            credential: CountingCredential(hasOthers: true)
        )
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.get(.pods, .web)
        }
        #expect(cause == .refused(KubernetesStatus(code: 401, reason: "Unauthorized", message: "")))
        #expect(test.lines.count == 2)
        #expect(test.credential.invalidated == 2)
    }

    @Test("Another refusal leaves the token alone")
    func forbidden() async {
        let test = TestClient(.refusal(403, reason: "Forbidden"))
        _ = await causeOfFailure { () throws(KubernetesClientError) in _ = try await test.client.get(.pods, .web) }
        #expect(test.credential.invalidated == 0)
    }

    @Test("Without a credential nothing is sent")
    func noCredential() async {
        let transport = RecordedTransport([])
        let client = KubernetesClient(
            transport: transport,
            credential: TokenFileCredential(path: "/nowhere/token"),
            options: KubernetesClient.Options(userAgent: "unit-test/1")
        )
        let cause = await causeOfFailure { () throws(KubernetesClientError) in _ = try await client.get(.pods, .web) }
        #expect(cause == .credential("token file /nowhere/token: no such file"))
        #expect(transport.requests.isEmpty)
    }

    // MARK: Trying again

    @Test("A GET is tried again after a passing failure, with pauses that grow")
    func repeatedGet() async throws {
        let test = TestClient(
            .failure(.connectionLost("reset")),
            .refusal(503, reason: "ServiceUnavailable"),
            .response(status: 200, headers: [], chunks: [Array("{".utf8)], end: .failure(.connectionLost("reset"))),
            .json(Self.pod)
        )
        #expect(try await test.client.get(.pods, .web) == Self.pod)
        #expect(test.lines.count == 4)
        #expect(test.pauses == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    }

    @Test("A GET that fails for good fails with the last cause")
    func exhausted() async {
        let test = TestClient(
            .failure(.timedOut("connect")),
            .failure(.timedOut("connect")),
            .failure(.timedOut("connect")),
            .refusal(500, reason: "InternalError", message: "boom"),
            .json(Self.pod)
        )
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.get(.pods, .web)
        }
        #expect(cause == .refused(KubernetesStatus(code: 500, reason: "InternalError", message: "boom")))
        #expect(test.lines.count == 4)
    }

    @Test("An apply is tried again like a GET, for a second one does what the first did")
    func repeatedApply() async throws {
        let test = TestClient(.refusal(504, reason: "Timeout"), .json(Self.pod))
        _ = try await test.client.apply(.pods, .web, Self.pod, fieldManager: "op")
        #expect(test.lines.count == 2)
    }

    @Test(
        "A POST that the server may have seen is not sent again",
        arguments: [
            .failure(.connectionLost("reset")), .failure(.timedOut("response head")),
            .refusal(500, reason: "InternalError"), .refusal(503, reason: "ServiceUnavailable"),
            .refusal(504, reason: "Timeout"),
            .response(status: 201, headers: [], chunks: [], end: .failure(.connectionLost("reset"))),
        ] as [RecordedTransport.Answer]
    )
    func singlePost(_ answer: RecordedTransport.Answer) async {
        let test = TestClient(answer, .json(Self.pod))
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.create(.pods, namespace: "shop", Self.pod, fieldManager: "op")
        }
        #expect(cause != nil)
        #expect(test.lines.count == 1)
    }

    @Test(
        "A POST that the server cannot have taken is sent again",
        arguments: [
            .failure(.couldNotConnect("refused")), .refusal(429, reason: "TooManyRequests"),
        ] as [RecordedTransport.Answer]
    )
    func repeatedPost(_ answer: RecordedTransport.Answer) async throws {
        let test = TestClient(answer, .json(Self.pod))
        _ = try await test.client.create(.pods, namespace: "shop", Self.pod, fieldManager: "op")
        #expect(test.lines.count == 2)
    }

    @Test("Retry-After is waited for")
    func retryAfter() async throws {
        let test = TestClient(
            .refusal(429, reason: "TooManyRequests", headers: [(name: "retry-after", value: "3")]),
            .refusal(429, reason: "TooManyRequests", headers: [(name: "retry-after", value: "soon")]),
            .refusal(429, reason: "TooManyRequests", headers: [(name: "retry-after", value: "-7")]),
            .json(Self.pod)
        )
        _ = try await test.client.get(.pods, .web)
        #expect(test.pauses == [.milliseconds(3100), .milliseconds(200), .milliseconds(400)])
    }

    @Test("All tries together have one deadline: each gets what is left, and none is begun after it")
    func sharedDeadline() async {
        let time = ManualTime()
        let transport = RecordedTransport { _ in
            time.advance(by: .seconds(20))
            return .failure(.timedOut("response head"))
        }
        let client = KubernetesClient(
            transport: transport,
            credential: NoCredential(),
            options: KubernetesClient.Options(
                userAgent: "unit-test/1",
                now: { time.now },
                sleep: { try await time.skip($0) },
                random: { 1 }
            )
        )
        let cause = await causeOfFailure { () throws(KubernetesClientError) in _ = try await client.get(.pods, .web) }
        #expect(cause == .transport(.timedOut("response head")))
        #expect(transport.requests.map(\.deadline) == [.within(.seconds(30)), .within(.milliseconds(9900))])
    }

    @Test("A task that is cancelled in a pause ends as cancelled")
    func cancelledInPause() async {
        let time = ManualTime()
        let client = KubernetesClient(
            transport: RecordedTransport([.failure(.connectionLost("reset"))]),
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", sleep: { try await time.sleep($0) })
        )
        let task = Task {
            await causeOfFailure { () throws(KubernetesClientError) in _ = try await client.get(.pods, .web) }
        }
        await time.waitForSleeps(1)
        task.cancel()
        #expect(await task.value == .transport(.cancelled))
    }

    @Test("A rate limit lets a burst out at once and the rest at its pace; without one nothing waits")
    func rateLimit() async throws {
        let answers = [RecordedTransport.Answer](repeating: .json(Self.pod), count: 5)
        let limited = TestClient(RecordedTransport(answers), rateLimit: RateLimit(perSecond: 2, burst: 3))
        let free = TestClient(RecordedTransport(answers))
        for test in [limited, free] {
            for _ in 0..<5 {
                _ = try await test.client.get(.pods, .web)
            }
        }
        #expect(limited.pauses == [.milliseconds(500), .milliseconds(500)])
        #expect(free.pauses == [])
    }

    @Test("Closing closes the transport, and calls fail as closed")
    func close() async {
        let test = TestClient(.json(Self.pod))
        await test.client.close()
        #expect(test.transport.isClosed)
        let cause = await causeOfFailure { () throws(KubernetesClientError) in
            _ = try await test.client.get(.pods, .web)
        }
        #expect(cause == .transport(.closed))
    }
}
