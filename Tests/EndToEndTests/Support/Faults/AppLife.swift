import JSON

/// The life of a TodoApp from its first spec through changes that create, change and prune children to its deletion; then
/// another one of the same name.
struct AppLife: Sendable {
    private let name: String
    private var step: Int

    /// So many that have not begun.
    static func several(_ count: Int) -> [AppLife] {
        (1...count).map { AppLife(name: "app-\($0)") }
    }

    init(name: String) {
        self.init(name: name, step: -1)
    }

    private init(name: String, step: Int) {
        self.name = name
        self.step = step
    }

    /// The spec's steps; `nil` is the deletion.
    private static let specs: [JSONValue?] = [
        [:],
        ["version": "1.0.1", "backend": ["env": ["LOG_LEVEL": "debug"]]],
        ["environment": "Production", "version": "1.0.1", "backend": ["replicas": 2]],
        ["version": "1.0.2", "frontend": nil],
        ["version": "1.0.3"],
        ["version": "1.0.3", "suspended": true],
        nil,
    ]

    /// What is wanted now; `nil` where it is deleted, or has not begun.
    var manifest: JSONValue? {
        guard self.step >= 0, let spec = Self.specs[self.step] else { return nil }
        return Manifest.taskflow(self.name, spec)
    }

    /// The next step.
    mutating func goOn(on scene: FaultScene) async throws {
        var next = self
        next.step = (self.step + 1) % Self.specs.count
        if let manifest = next.manifest {
            try await scene.apply(manifest)
        } else {
            try await scene.delete(self.name)
        }
        self = next
    }

    /// What an operator that nobody disturbs makes of lives that came as far as these: the measure of all that is disturbed.
    static func calmPicture(of lives: [AppLife]) async throws -> Picture {
        try await FaultScene.with("calm", route: .direct) { scene in
            var followers = lives.map { AppLife(name: $0.name) }
            for _ in Self.specs.indices {
                for index in lives.indices where followers[index].step < lives[index].step {
                    try await followers[index].goOn(on: scene)
                }
                try await scene.settle()
            }
            // What the statuses say of the children follows a moment after these were applied.
            var picture = try await Picture(of: scene)
            while true {
                try await Task.sleep(for: .seconds(3))
                let next = try await Picture(of: scene)
                if next.differences(from: picture).isEmpty { return picture }
                picture = next
            }
        }
    }
}
