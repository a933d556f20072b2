import JSON
import NIOHTTP1
import Synchronization
import Testing

extension Faults {
    /// A watch that breaks off at the worst places.
    @Suite struct WatchCutTests {
        @Test("A watch that is cut in the middle brings what it was about to say all the same", arguments: WatchCut.all)
        func cut(_ cut: WatchCut) async throws {
            try await FaultScene.with("cut-\(cut.name)") { scene in
                let proxy = try scene.neededProxy()
                let knife = Knife(cut)
                // Watches begin with their treatment: all of them are begun anew with a knife at them.
                proxy.follow { request in
                    request.isWatch && request.resource == cut.resource ? .cut(knife.cut) : .forward
                }
                proxy.breakConnections()
                try await scene.apply(Manifest.taskflow())
                try await scene.settle()

                knife.draw()
                let before = proxy.requests.count
                let start = ContinuousClock.now
                try await cut.act(scene)
                try await awaited("what the watch was about to say is known", within: .seconds(120)) {
                    guard knife.hasCut else { return false }
                    return try await cut.isKnown(scene)
                }
                let healed = ContinuousClock.now - start
                let requests = proxy.requests.dropFirst(before)
                let watches = requests.count { $0.isWatch && $0.resource == cut.resource }
                let lists = requests.count { $0.isList && $0.resource == cut.resource }
                scene.tell(
                    "cut \(cut.testDescription): known \(healed.text) after the change, by \(watches) watch and \(lists) lists, "
                        + "\(requests.count) requests in all"
                )
                #expect(watches + lists <= 6, "\(requests.map(\.description))")
            }
        }
    }
}

/// Where a watch is cut, and what it was about to say.
struct WatchCut: Sendable, CustomTestStringConvertible {
    let name: String
    let testDescription: String
    let resource: String
    /// How many bytes of a chunk still pass; `nil` where it is not to be cut.
    ///
    /// The second parameter is how many bytes have come since the knife was drawn.
    let place: @Sendable (_ chunk: [UInt8], _ before: Int) -> Int?
    let act: @Sendable (FaultScene) async throws -> Void
    let isKnown: @Sendable (FaultScene) async throws -> Bool

    static let all = [
        WatchCut(
            name: "json",
            testDescription: "in a JSON object",
            resource: "todoapps",
            place: { chunk, _ in chunk.count > 200 ? chunk.count / 2 : nil },
            act: { try await Self.changeApp($0) },
            isKnown: { try await $0.settledWith(logLevel: "debug") }
        ),
        WatchCut(
            name: "utf8",
            testDescription: "in a UTF-8 sequence",
            resource: "todoapps",
            // The first byte of three.
            place: { chunk, _ in chunk.firstIndex { (0xE0...0xEF).contains($0) }.map { $0 + 1 } },
            act: { try await Self.changeApp($0) },
            isKnown: { try await $0.settledWith(logLevel: "debug") }
        ),
        WatchCut(
            name: "large",
            testDescription: "in an object of more than 1.5 MB",
            resource: "configmaps",
            place: { chunk, before in before + chunk.count > 1_000_000 ? max(0, 1_000_000 - before) : nil },
            act: { try await Self.spoilConfigMap($0) },
            isKnown: { scene in
                let data = try await scene.child(.configMaps, "taskflow-config")?["data"]
                return data?["BACKEND_URL"]?.string?.hasPrefix("http://taskflow-backend") == true
            }
        ),
    ]

    /// A change whose event holds characters of three and four bytes.
    private static func changeApp(_ scene: FaultScene) async throws {
        let spec: JSONValue = ["backend": ["env": ["LOG_LEVEL": "debug", "AGENT_NAME": "待办事项 🗒"]]]
        try await scene.apply(Manifest.taskflow("taskflow", spec))
    }

    /// Somebody spoils an own ConfigMap and makes it as large as one may be: each line feed takes two bytes in JSON.
    private static func spoilConfigMap(_ scene: FaultScene) async throws {
        let ballast = String(repeating: "\n", count: 900_000)
        try await scene.plane.admin.call(
            .PATCH,
            "/api/v1/namespaces/\(scene.namespace)/configmaps/taskflow-config?fieldManager=somebody",
            ["data": ["BACKEND_URL": "http://spoilt", "BALLAST": .string(ballast)]],
            contentType: "application/merge-patch+json"
        )
    }
}

extension FaultScene {
    /// Whether the backend's log level has come all the way into the ConfigMap.
    fileprivate func settledWith(logLevel: String) async throws -> Bool {
        let data = try await self.child(.configMaps, "taskflow-config")?["data"]
        guard data?["backend.LOG_LEVEL"]?.string == logLevel else { return false }
        return try await self.apps().allSatisfy(FaultScene.isSettled)
    }
}

/// Cuts once, when it was drawn.
private final class Knife: Sendable {
    private struct State {
        var isDrawn = false
        var hasCut = false
        var seen = 0
    }

    private let place: WatchCut
    private let state = Mutex(State())

    init(_ place: WatchCut) {
        self.place = place
    }

    var hasCut: Bool { self.state.withLock { $0.hasCut } }

    func draw() {
        self.state.withLock { $0.isDrawn = true }
    }

    func cut(_ passed: Int, _ chunk: [UInt8]) -> Int? {
        self.state.withLock { state in
            guard state.isDrawn, !state.hasCut else { return nil }
            let rest = self.place.place(chunk, state.seen)
            state.seen += chunk.count
            state.hasCut = rest != nil
            return rest
        }
    }
}
