import Testing

/// Who runs beside whom: most tests run together, a few at a time; some want the cluster for themselves.
actor Turn {
    private enum Kind {
        case together
        case alone
    }

    /// How many run together: more would measure the machine and not the operator.
    private let places = 5
    private var running: [Kind] = []
    private var waiting: [(kind: Kind, continuation: CheckedContinuation<Void, Never>)] = []

    /// Runs the body beside others that do not mind.
    func together(_ body: @concurrent @Sendable () async throws -> Void) async rethrows {
        await self.enter(.together)
        defer { self.leave(.together) }
        try await body()
    }

    /// Runs the body while nobody else runs.
    func alone(_ body: @concurrent @Sendable () async throws -> Void) async rethrows {
        await self.enter(.alone)
        defer { self.leave(.alone) }
        try await body()
    }

    private func enter(_ kind: Kind) async {
        await withCheckedContinuation { continuation in
            self.waiting.append((kind, continuation))
            self.admit()
        }
    }

    private func leave(_ kind: Kind) {
        if let index = self.running.firstIndex(of: kind) { self.running.remove(at: index) }
        self.admit()
    }

    private func admit() {
        // Whoever runs together goes first, so that nobody waits for one who is alone longer than needed.
        while let index = self.waiting.firstIndex(where: { self.mayRun($0.kind) }) {
            let next = self.waiting.remove(at: index)
            self.running.append(next.kind)
            next.continuation.resume()
        }
    }

    private func mayRun(_ kind: Kind) -> Bool {
        switch kind {
        case .together: !self.running.contains(.alone) && self.running.count < self.places
        case .alone: self.running.isEmpty && !self.waiting.contains { $0.kind == .together }
        }
    }
}

/// Has a test wait for its turn.
struct TurnTrait: TestTrait, SuiteTrait, TestScoping {
    let isAlone: Bool

    // Each test waits by itself, and not its suite as a whole.
    let isRecursive = true

    @concurrent func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let turn = try Stage.current.turn
        if self.isAlone {
            try await turn.alone(function)
        } else {
            try await turn.together(function)
        }
    }
}

extension Trait where Self == TurnTrait {
    /// The test runs beside others of this kind.
    static var together: Self { TurnTrait(isAlone: false) }

    /// The test runs when no other runs.
    static var alone: Self { TurnTrait(isAlone: true) }
}
