import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL

/// An admission webhook beside the cluster, which gives every Deployment of a namespace something that nobody asked for.
struct MutatingWebhook: Sendable {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    /// What it adds, as JSON patches.
    let patches: JSONValue
    private let namespace: TestNamespace
    private var name: String { self.namespace.name }

    init(in namespace: TestNamespace, adding patches: JSONValue) {
        self.namespace = namespace
        self.patches = patches
    }

    /// Serves and is asked while the body runs.
    func whileAsked(_ body: @Sendable () async throws -> Void) async throws {
        let folder = ClusterUnderTest.file("build/e2e/\(self.name)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let address = self.address
        let (certificate, authority) = try await ServerCertificate.new(in: folder, named: "webhook", for: address)
        let context = try certificate.context()
        let listener = try await Listener(
            host: address,
            prepare: { channel in
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(NIOSSLServerHandler(context: context))
                try pipeline.configureHTTPServerPipeline()
                return try Connection(wrappingChannelSynchronously: channel)
            },
            serve: { try await self.serve($0) }
        )
        let result: Result<Void, any Error>
        do {
            try await self.register("https://\(address):\(listener.port)/", trusting: authority)
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        try await self.namespace.kubectl("delete", "mutatingwebhookconfiguration", self.name, "--ignore-not-found")
        await listener.stop()
        try result.get()
    }

    /// The machine's end of the link to the node: the address before the node's own.
    private var address: String {
        var parts = self.namespace.stage.cluster.nodeAddress.split(separator: ".").map(String.init)
        parts[parts.count - 1] = parts.last.flatMap { Int($0) }.map { "\($0 - 1)" } ?? ""
        return parts.joined(separator: ".")
    }

    private func register(_ url: String, trusting authority: String) async throws {
        let bundle = try Data(contentsOf: URL(filePath: authority)).base64EncodedString()
        try await self.namespace.kubectl("label", "namespace", self.name, "webhook=\(self.name)")
        try await self.namespace.kubectl.apply([
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
            "metadata": ["name": .string(self.name)],
            "webhooks": [
                [
                    "name": "additions.example.com", "sideEffects": "None", "failurePolicy": "Fail",
                    "admissionReviewVersions": ["v1"],
                    "clientConfig": ["url": .string(url), "caBundle": .string(bundle)],
                    "namespaceSelector": ["matchLabels": ["webhook": .string(self.name)]],
                    "rules": [
                        [
                            "apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments"],
                            "operations": ["CREATE", "UPDATE"],
                        ]
                    ],
                ]
            ],
        ])
    }

    // MARK: Answering

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var body = ByteBuffer()
            for try await part in inbound {
                switch part {
                case .head: body = ByteBuffer()
                case .body(let chunk): body.writeImmutableBuffer(chunk)
                case .end:
                    let answer = ByteBuffer(string: try self.answer(to: String(buffer: body)).text())
                    let headers: HTTPHeaders = [
                        "Content-Type": "application/json", "Content-Length": "\(answer.readableBytes)",
                    ]
                    try await outbound.write(
                        .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))
                    )
                    try await outbound.write(.body(.byteBuffer(answer)))
                    try await outbound.write(.end(nil))
                }
            }
        }
    }

    private func answer(to review: String) throws -> JSONValue {
        let request = try JSONValue(parsing: review)["request"]
        return [
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "response": [
                "uid": request?["uid"] ?? "", "allowed": true, "patchType": "JSONPatch",
                "patch": .string(Data(self.patches.text().utf8).base64EncodedString()),
            ],
        ]
    }
}
