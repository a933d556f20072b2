internal import TodoAppOperator

/// The rules about the image's own health check.
struct HealthCheckRules {
    let contract: ImageContract
    let facts: ImageFacts

    /// What they find.
    func findings() -> [Finding] {
        guard let wanted = self.contract.healthCheck.value else { return [] }
        guard let check = self.facts.healthCheck,
            case .runs(let process, let interval, let timeout, let startPeriod, let retries) = check.value
        else { return [self.missing(wanted)] }
        let target = self.target(wanted, process.plain, at: check.place)
        // Only a seed's own timings are held against anybody.
        guard case .seed = self.contract.healthCheck.source else { return target }
        let pairs: [(String, Double, Int)] = [
            ("interval", interval, wanted.interval), ("timeout", timeout, wanted.timeout),
            ("start-period", startPeriod, wanted.startPeriod), ("retries", Double(retries), wanted.retries),
        ]
        return target
            + pairs.filter { $0.1 != Double($0.2) }.map { name, actual, wanted in
                Finding(
                    .healthCheckTiming,
                    "\(name) is \(number(actual)), the contract says \(wanted)",
                    at: check.place
                )
            }
    }

    private func missing(_ wanted: ImageHealthCheck) -> Finding {
        guard self.facts.canTellHealthCheck else {
            let message = "an image in the OCI format has no health check; Kubernetes has probes of its own"
            return Finding(.healthCheck, message, level: .note)
        }
        let place = self.facts.healthCheck?.place ?? self.facts.end
        var isDemanded = wanted.isPathDemanded
        if case .silent = self.contract.healthCheck.source { isDemanded = false }
        let message = "no HEALTHCHECK; it would ask \(wanted.path) at port \(self.contract.port)"
        return Finding(.healthCheck, message, at: place, level: isDemanded ? .error : .warning)
    }

    private func target(_ wanted: ImageHealthCheck, _ process: String, at place: Finding.Place) -> [Finding] {
        guard let asked = AskedURL(in: process) else {
            let message = "what the health check asks cannot be told from: \(process)"
            return [Finding(.healthCheckTarget, message, at: place, level: .note)]
        }
        var findings: [Finding] = []
        if asked.port != self.contract.port {
            let message = "the health check asks port \(asked.port), the contract says \(self.contract.port)"
            findings.append(Finding(.healthCheckTarget, message, at: place))
        }
        if wanted.isPathDemanded, asked.path != wanted.path {
            let message = "the health check asks \(asked.path), the contract says \(wanted.path)"
            findings.append(Finding(.healthCheckTarget, message, at: place))
        }
        return findings
    }
}

/// The URL that a health check's command asks.
struct AskedURL: Equatable {
    var port: Int
    var path: String

    /// The first one in a text; `nil` where there is none.
    init?(in text: String) {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let isTLS = text[..<scheme.lowerBound].hasSuffix("https")
        let rest = text[scheme.upperBound...].prefix { !$0.isWhitespace && !"\"'`)|;,\\".contains($0) }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let digits = authority.split(separator: ":").dropFirst().last
        self.port = digits.flatMap { Int($0) } ?? (isTLS ? 443 : 80)
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
        self.path = path.isEmpty ? "/" : String(path)
    }
}

/// Durations as Docker writes them: `30s`, `1m30s`, `500ms`.
enum DockerDuration {
    /// Seconds; `nil` for what is no duration.
    static func seconds(_ text: String) -> Double? {
        if text == "0" { return 0 }
        var rest = Substring(text)
        var sum = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(String(digits)), let factor = Self.units[String(unit)] else { return nil }
            sum += value * factor
        }
        return sum
    }

    private static let units = ["h": 3600, "m": 60, "s": 1, "ms": 0.001, "us": 0.000_001, "µs": 0.000_001, "ns": 1e-9]
}

private func number(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
}
