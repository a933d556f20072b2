internal import CurlTransport
internal import FoundationEssentials

/// A credential that a program of a kubeconfig gives: it is asked once, and again shortly before the credential ends or
/// when the server has refused it.
///
/// *Guarantees*: however many calls wait, the program runs once at a time, and for ``deadline`` at most. A credential that
/// still holds is used on when the program fails. Nothing of what it prints is ever part of a message.
///
/// *Cancellation*: the program is killed when everybody who waits for it was cancelled.
actor ExecCredential: Credential, ClientCertificateSource {
    /// How long the program may take; it may have to log in somewhere.
    static let deadline = Duration.seconds(30)
    /// A credential is exchanged so long before its end, or half of its life if that is shorter: a request that is under
    /// way must not meet its end.
    static let margin = 60.0
    /// After a failure a credential that still holds is used for so long before the program runs again.
    static let pauseAfterFailure = 10.0

    /// Runs a program; a test brings its own.
    typealias Runner = @Sendable (Program) async throws(Program.Failure) -> Program.Result

    private let plugin: ExecPlugin
    private let run: Runner
    /// Seconds since 1970: what a plugin says about a credential's end is in the world's time.
    private let now: @Sendable () -> Double
    private var cached: Cached?
    private var underWay: Run?
    private var runs = 0

    private struct Cached {
        var answer: ExecPluginAnswer
        var since: Double
        var refreshAt: Double
    }

    private struct Run {
        var number: Int
        var task: Task<Result<ExecPluginAnswer, CredentialError>, Never>
        var waiting: Int
    }

    init(
        _ plugin: ExecPlugin,
        run: @escaping Runner = { program async throws(Program.Failure) in
            try await program.run(within: ExecCredential.deadline)
        },
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
    ) {
        self.plugin = plugin
        self.run = run
        self.now = now
    }

    func headers() async throws(CredentialError) -> [(name: String, value: String)] {
        let token = try await self.answer().token
        return token.isEmpty ? [] : [(name: "Authorization", value: "Bearer \(token)")]
    }

    func clientCertificate() async -> CurlTransport.Configuration.ClientCertificate? {
        // Whoever sends a request has asked for the headers before.
        self.cached?.answer.certificate
    }

    func invalidate(_ refused: [(name: String, value: String)]) async -> Bool {
        // Of many calls that were refused together, one drops the credential; for the others there is a new one by then.
        if let cached = self.cached, self.wasMeant(cached, by: refused) {
            self.cached = nil
        }
        return true
    }

    private func wasMeant(_ cached: Cached, by refused: [(name: String, value: String)]) -> Bool {
        // A certificate is not in the headers: one that has only just come is taken for newer than the refused one.
        guard !cached.answer.token.isEmpty else { return self.now() - cached.since >= Self.pauseAfterFailure }
        return refused.contains { $0.value == "Bearer \(cached.answer.token)" }
    }

    // MARK: Asking

    private func answer() async throws(CredentialError) -> ExecPluginAnswer {
        while true {
            if let cached = self.cached, self.now() < cached.refreshAt { return cached.answer }
            switch await self.joinRun() {
            case .success(let answer): return answer
            case .failure(.cancelled):
                // Somebody else's end, unless it was ours.
                if Task.isCancelled { throw .cancelled }
            case .failure(let error):
                guard let cached = self.cached, self.now() < cached.answer.expiry ?? .infinity else { throw error }
                self.cached?.refreshAt = self.now() + Self.pauseAfterFailure
                return cached.answer
            }
        }
    }

    /// Waits for the run that is under way, or begins one.
    private func joinRun() async -> Result<ExecPluginAnswer, CredentialError> {
        var run = self.underWay ?? self.begin()
        run.waiting += 1
        self.underWay = run
        let (number, task) = (run.number, run.task)
        let result = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task { await self.leave(number) }
        }
        if self.underWay?.number == number {
            self.underWay = nil
            if case .success(let answer) = result {
                self.cached = Cached(answer: answer, since: self.now(), refreshAt: self.refreshTime(answer))
            }
        }
        return result
    }

    private func begin() -> Run {
        let (plugin, run) = (self.plugin, self.run)
        self.runs += 1
        return Run(number: self.runs, task: Task { await Self.ask(plugin, run) }, waiting: 0)
    }

    private func leave(_ number: Int) {
        guard var run = self.underWay, run.number == number else { return }
        run.waiting -= 1
        self.underWay = run
        if run.waiting == 0 {
            run.task.cancel()
        }
    }

    private func refreshTime(_ answer: ExecPluginAnswer) -> Double {
        guard let expiry = answer.expiry else { return .infinity }
        let life = max(0, expiry - self.now())
        return expiry - min(Self.margin, life / 2)
    }

    private static func ask(
        _ plugin: ExecPlugin,
        _ run: Runner
    ) async -> Result<ExecPluginAnswer, CredentialError> {
        do throws(ExecPluginError) {
            let result: Program.Result
            do throws(Program.Failure) {
                result = try await run(plugin.program)
            } catch {
                switch error {
                case .cancelled: return .failure(.cancelled)
                case .timedOut: throw .timedOut(self.deadline)
                case .notFound: throw .notFound(command: plugin.command, hint: oneLine(plugin.installHint))
                case .notRun(let why): throw .notRun(command: plugin.command, why: why)
                }
            }
            switch result.end {
            case .exited(0): return .success(try ExecPluginAnswer(result.output, version: plugin.version))
            case .exited(let code): throw .failed(how: "exited with \(code)", lastLine: lastLine(result.errors))
            case .signalled(let signal):
                throw .failed(how: "was ended by signal \(signal)", lastLine: lastLine(result.errors))
            }
        } catch {
            return .failure(.plugin(origin: plugin.origin, error))
        }
    }
}

/// The longest piece of somebody else's words in a message.
private let longestQuote = 300

private func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let visible = line.unicodeScalars.filter { $0.properties.generalCategory != .control }
    return String(String(String.UnicodeScalarView(visible)).prefix(longestQuote))
}

private func lastLine(_ errors: [UInt8]) -> String {
    let lines = String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline).map { oneLine(String($0)) }
    return lines.last { !$0.isEmpty } ?? ""
}
