internal import ControllerRuntime
internal import JSON
internal import KubernetesAPI
internal import KubernetesClient
internal import Locks

/// How large the images are that run.
///
/// The nodes know it. A node is read when an image is met for the first time and not again: its list of images is long,
/// and nobody else here wants it.
final class ImageSizes: Sendable {
    /// An image where it runs.
    struct RunningImage: Sendable, Hashable {
        /// As the runtime names it.
        var name: String
        /// Its digest as the runtime names it.
        var id: String
    }

    private struct Memory {
        var size: ImageSize
        var failures = 0
        /// When it is worth asking again; `nil` for never.
        var again: ContinuousClock.Instant?
    }

    /// A kubelet tells of a new image with its next report, ten seconds later as a rule.
    static let pause = Duration.seconds(15)
    /// What is not there after a minute is not in the list, which names 50 images at most.
    static let tries = 4
    /// Rights may be given later.
    static let longPause = Duration.seconds(600)
    /// How many images are remembered; then all are forgotten, which costs a read each.
    static let capacity = 1000

    private let client: KubernetesClient
    private let time: TimeSource
    private let memories = Locked<[RunningImage: Memory]>([:])

    init(client: KubernetesClient, time: TimeSource) {
        self.client = client
        self.time = time
    }

    /// The size of an image, and when to ask again if that may help soon.
    func size(of image: RunningImage, on node: String) async -> (size: ImageSize, again: Duration?) {
        let now = self.time.now()
        var memory = self.memories.withLock { $0[image] } ?? Memory(size: .notThere, again: now)
        if let again = memory.again, again <= now {
            memory = await self.ask(image, node: node, failures: memory.failures)
            let found = memory
            self.memories.withLock { memories in
                if memories.count >= Self.capacity { memories = [:] }
                memories[image] = found
            }
        }
        let isWorthWaiting = memory.failures > 0 && memory.failures < Self.tries
        return (memory.size, isWorthWaiting ? memory.again.map { $0 - now } : nil)
    }

    private func ask(_ image: RunningImage, node: String, failures: Int) async -> Memory {
        do throws(KubernetesClientError) {
            let object = try await self.client.get(.nodes, ObjectKey(namespace: nil, name: node))
            if let found = bytes(of: image, in: object) { return Memory(size: .bytes(found)) }
        } catch {
            // Whoever may not read nodes will not a moment later.
            let why =
                error.status?.isForbidden == true ? "the operator may not read nodes" : "node \(node) cannot be read"
            return Memory(size: .unknown(why), failures: Self.tries, again: self.time.now() + Self.longPause)
        }
        let pause = failures + 1 < Self.tries ? Self.pause : Self.longPause
        return Memory(
            size: .unknown("node \(node) does not list it"),
            failures: min(failures + 1, Self.tries),
            again: self.time.now() + pause
        )
    }
}

private func bytes(of image: ImageSizes.RunningImage, in node: JSONValue) -> Int64? {
    // Docker puts `docker-pullable://` before the digest.
    let id = image.id.split(separator: "//").last.map(String.init) ?? ""
    let entry = (node["status"]?["images"]?.array ?? []).first { entry in
        (entry["names"]?.array ?? []).contains { $0.string == image.name || (!id.isEmpty && $0.string == id) }
    }
    return entry?["sizeBytes"]?.integer
}
