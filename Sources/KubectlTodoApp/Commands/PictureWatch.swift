internal import Locks
internal import TodoAppOperator

/// Draws a picture again after each change: on a terminal in its place, in a pipe one below the other.
struct PictureWatch: Sendable {
    private let color: ColorChoice
    private let namespace: String?
    private let surroundings: PluginSurroundings
    private let last: Locked<Drawn>

    /// What was drawn last.
    private struct Drawn {
        var picture: Picture
        var trouble: String?
        /// The lines without ages: what is the same is not printed twice.
        var lines: [String] = []
        var isGone = false
    }

    init(_ first: Picture, _ color: ColorChoice, namespace: String?, _ surroundings: PluginSurroundings) {
        self.last = Locked(Drawn(picture: first))
        self.color = color
        self.namespace = namespace
        self.surroundings = surroundings
    }

    /// Draws until the user wants no more, or the TodoApp is gone.
    func run(_ watch: AppWatch) async throws {
        let isScreen = self.surroundings.terminal() != nil && !isDumbTerminal(self.surroundings.environment)
        if isScreen { self.surroundings.write(Screen.begin) }
        self.draw(onScreen: isScreen)
        defer {
            if isScreen { self.leaveScreen() }
        }
        try await self.surroundings.untilInterrupted {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await watch.run(
                        pause: { try await self.surroundings.sleep(.milliseconds(100)) },
                        see: { sight, trouble in self.see(sight, trouble: trouble, onScreen: isScreen) }
                    )
                }
                if isScreen {
                    group.addTask { try await self.keepAgesTrue() }
                }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func see(_ sight: AppWatch.Sight, trouble: String?, onScreen isScreen: Bool) -> Bool {
        switch sight {
        case .app(let snapshot):
            self.last.withLock { $0.picture = .tree(TreeNode(of: snapshot)) }
        case .list(let apps):
            self.last.withLock { $0.picture = .list(AppList(apps, of: self.namespace)) }
        case .gone:
            self.last.withLock { $0.isGone = true }
            if !isScreen { self.surroundings.write(farewell) }
            return false
        }
        self.last.withLock { $0.trouble = trouble }
        self.draw(onScreen: isScreen)
        return true
    }

    /// Ages grow although nothing changes.
    private func keepAgesTrue() async throws {
        while true {
            try await self.surroundings.sleep(.seconds(1))
            self.draw(onScreen: true)
        }
    }

    private func draw(onScreen isScreen: Bool) {
        let drawn = self.last.withLock { $0 }
        let terminal = self.surroundings.terminal()
        let style = Style(self.color, terminal: terminal, environment: self.surroundings.environment)
        let now = self.surroundings.now()
        let warning = drawn.trouble.map { ["", "not up to date: \($0)"] } ?? []
        let lines = drawn.picture.lines(style, now: now) + warning
        if isScreen, let terminal {
            self.surroundings.write(Screen.frame(lines, terminal))
            return
        }
        let ageless = drawn.picture.lines(style, now: nil) + warning
        guard ageless != drawn.lines else { return }
        self.last.withLock { $0.lines = ageless }
        let heading = "\(drawn.lines.isEmpty ? "" : "\n")# \(Timestamp.text(now))"
        self.surroundings.write(([heading] + lines).joined(separator: "\n") + "\n")
    }

    /// The last picture stays on the terminal.
    private func leaveScreen() {
        self.surroundings.write(Screen.end)
        let drawn = self.last.withLock { $0 }
        let style = Style(
            self.color,
            terminal: self.surroundings.terminal(),
            environment: self.surroundings.environment
        )
        let lines = drawn.picture.lines(style, now: self.surroundings.now())
        self.surroundings.write(lines.joined(separator: "\n") + "\n" + (drawn.isGone ? farewell : ""))
    }
}

private let farewell = "\nthe TodoApp is gone\n"
