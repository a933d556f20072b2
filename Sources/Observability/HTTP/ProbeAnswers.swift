public import ControllerRuntime

/// The answers of `/livez`, `/readyz` and `/healthz`, in the form of the API server's own probes.
public struct ProbeAnswers: Sendable {
    private let live: [ProbeCheck]
    private let ready: [ProbeCheck]

    /// Answers by checks: whether the process must be restarted, and whether it does its work.
    public init(live: [ProbeCheck], ready: [ProbeCheck]) {
        self.live = live
        self.ready = ready
    }

    /// Answers a question; 404 for what is no probe.
    ///
    /// With `?verbose`, and whenever something is wrong, each check has a line.
    public func answer(_ question: HTTPQuestion) -> HTTPAnswer {
        switch question.path {
        case "/livez", "/healthz": Self.answer("livez", self.live, question)
        case "/readyz": Self.answer("readyz", self.ready, question)
        default: HTTPAnswer(status: 404, text: "there is /livez and /readyz\n")
        }
    }

    private static func answer(_ name: String, _ checks: [ProbeCheck], _ question: HTTPQuestion) -> HTTPAnswer {
        var isGood = true
        var lines = ""
        for check in checks {
            switch check.look() {
            case .ok(let text):
                lines += "[+]\(check.name) \(text)\n"
            case .failed(let why):
                isGood = false
                lines += "[-]\(check.name) failed: \(why)\n"
            }
        }
        let isVerbose = question.query.split(separator: "&").contains { $0 == "verbose" || $0.hasPrefix("verbose=") }
        guard isGood else { return HTTPAnswer(status: 503, text: lines + "\(name) check failed\n") }
        return HTTPAnswer(status: 200, text: isVerbose ? lines + "\(name) check passed\n" : "ok")
    }
}
