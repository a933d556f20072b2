import JSON
import Testing

extension Replicas {
    /// Several operators beside one another, each with TodoApps of its own.
    @Suite
    struct SelectorTests {
        private static let (blue, others) = ("team=blue", "team!=blue")

        @Test(
            "Of two operators with selectors each looks after its own TodoApps, many of them, and hands over by the label"
        )
        func beside() async throws {
            try await ReplicaStage.required.with("selectors") { scene in
                let blue = try scene.replica("blue", flags: Self.flags(Self.blue))
                let others = try scene.replica("others", flags: Self.flags(Self.others))
                for replica in [blue, others] { _ = try await scene.waitUntilLeads(replica) }
                let blueApps = (1...60).map { "blue-\($0)" }
                let otherApps = (1...60).map { "green-\($0)" } + ["nobody"]
                try await scene.apply(blueApps, labels: ["team": "blue"])
                try await scene.apply(otherApps.dropLast(), labels: ["team": "green"])
                try await scene.apply("nobody")
                try await scene.waitUntilObserved(blueApps + otherApps)
                #expect(try Self.strangers(blueApps, to: blue, in: scene) == [])
                #expect(try Self.strangers(otherApps, to: others, in: scene) == [])

                let before = try await Self.children(of: "blue-1", in: scene)
                #expect(!before.isEmpty)
                try await scene.stage.kubectl(
                    "label",
                    "todoapp",
                    "blue-1",
                    "team=green",
                    "--overwrite",
                    "-n",
                    scene.namespace
                )
                // The former operator has seen the label once it has seen a later change.
                try await scene.apply(["blue-2"], version: "1.0.1", labels: ["team": "blue"])
                try await scene.waitUntilObserved(["blue-2"])
                let mark = try scene.writes().count
                try await scene.apply(["blue-1"], version: "1.0.1", labels: ["team": "green"])
                try await scene.waitUntilObserved(["blue-1"])
                let late = try scene.writes().dropFirst(mark).filter { Self.concerns($0.uri, ["blue-1"]) }
                #expect(!late.isEmpty)
                #expect(late.allSatisfy { $0.user == others.user }, "\(late)")
                #expect(try await Self.children(of: "blue-1", in: scene) == before, "nothing was made anew")
            }
        }

        private static func flags(_ selector: String) -> [String] {
            ["--selector", selector, "--leader-elect-resource-name", selector.contains("!") ? "others" : "blue"]
        }

        /// Who else wrote to some apps or their children.
        private static func strangers(_ apps: [String], to operatorOf: Replica, in scene: ReplicaScene) throws
            -> [String]
        {
            try scene.writes().filter { $0.user != operatorOf.user && Self.concerns($0.uri, apps) }.map(\.uri)
        }

        private static func concerns(_ uri: String, _ apps: [String]) -> Bool {
            let names = uri.split(separator: "?")[0].split(separator: "/")
            return apps.contains { app in names.contains { $0 == app || $0.hasPrefix("\(app)-") } }
        }

        private static func children(of app: String, in scene: ReplicaScene) async throws -> [String] {
            let list = try await scene.stage.kubectl.json(
                "get",
                "deployments,services,configmaps,serviceaccounts",
                "-n",
                scene.namespace,
                "-l",
                "app.kubernetes.io/instance=\(app)"
            )
            return (list["items"]?.array ?? []).map(\.uid).sorted()
        }
    }
}
