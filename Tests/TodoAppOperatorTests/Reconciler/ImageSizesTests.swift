import JSON
import KubernetesAPI
import KubernetesClient
import KubernetesTesting
import Locks
import Testing

@testable import TodoAppOperator

@Suite("ImageSizes")
struct ImageSizesTests {
    private let time = ManualTime()
    private let reads = Locked(0)
    private let image = ImageSizes.RunningImage(
        name: "docker.io/library/taskflow-backend:1.0.0",
        id: "docker-pullable://taskflow-backend@sha256:abc"
    )

    private var readCount: Int { self.reads.withLock { $0 } }

    private func sizes(_ answer: @escaping @Sendable (Int) -> RecordedTransport.Answer) -> ImageSizes {
        let reads = self.reads
        let transport = RecordedTransport { _ in
            answer(
                reads.withLock { reads in
                    reads += 1
                    return reads
                }
            )
        }
        let client = KubernetesClient(
            transport: transport,
            credential: NoCredential(),
            options: KubernetesClient.Options(userAgent: "unit-test/1", retry: RetryPolicy(attempts: 1))
        )
        return ImageSizes(client: client, time: self.time.source)
    }

    private static func node(_ names: String...) -> RecordedTransport.Answer {
        let names = names.map { JSONValue.string($0) }
        return .json([
            "metadata": ["name": "node-1"],
            "status": [
                "images": [["names": ["other"], "sizeBytes": 1], ["names": .array(names), "sizeBytes": 4200]]
            ],
        ])
    }

    @Test(
        "An image is found by its name or its digest, and asked for once",
        arguments: ["docker.io/library/taskflow-backend:1.0.0", "taskflow-backend@sha256:abc"]
    )
    func found(_ name: String) async {
        let sizes = self.sizes { _ in Self.node("x", name) }
        for _ in 0..<3 {
            let answer = await sizes.size(of: self.image, on: "node-1")
            #expect(answer.size == .bytes(4200))
            #expect(answer.again == nil)
            self.time.advance(by: .seconds(3600))
        }
        #expect(self.readCount == 1)
    }

    @Test("An image that the node does not list yet is asked for again, a few times soon and then seldom")
    func late() async {
        let sizes = self.sizes { _ in Self.node("x") }
        for round in 1..<ImageSizes.tries {
            let answer = await sizes.size(of: self.image, on: "node-1")
            #expect(answer.size == .unknown("node node-1 does not list it"))
            #expect(answer.again == ImageSizes.pause)
            #expect(self.readCount == round)
            self.time.advance(by: ImageSizes.pause)
        }
        let last = await sizes.size(of: self.image, on: "node-1")
        #expect(last.again == nil)
        self.time.advance(by: ImageSizes.longPause - .seconds(1))
        _ = await sizes.size(of: self.image, on: "node-1")
        #expect(self.readCount == ImageSizes.tries)
        self.time.advance(by: .seconds(1))
        _ = await sizes.size(of: self.image, on: "node-1")
        #expect(self.readCount == ImageSizes.tries + 1)
    }

    @Test("Where nodes may not be read, that is said, and seldom asked for again")
    func forbidden() async {
        let sizes = self.sizes { _ in .refusal(403, reason: "Forbidden", message: "no") }
        let answer = await sizes.size(of: self.image, on: "node-1")
        #expect(answer.size == .unknown("the operator may not read nodes"))
        #expect(answer.again == nil)
        self.time.advance(by: .seconds(60))
        _ = await sizes.size(of: self.image, on: "node-1")
        #expect(self.readCount == 1)
    }
}
