internal import JSON

/// Where readers put what they find wrong.
///
/// A class, since every reader of one manifest writes to the same list; it never leaves the call that made it.
final class ViolationLog {
    private(set) var violations: [Violation] = []

    func add(_ path: JSONPath, _ rule: Violation.Rule, _ message: String) {
        self.violations.append(Violation(path: path, rule: rule, message: message))
    }

    /// Whether something is wrong at a field or below it.
    func hasViolation(at path: JSONPath) -> Bool {
        self.violations.contains { $0.path.steps.starts(with: path.steps) }
    }
}

/// The same list for rules between fields, which have nothing to say of a field that is wrong by itself.
struct CrossFieldLog {
    private let log: ViolationLog
    private let wrongByThemselves: [JSONPath]

    /// Takes what the readers have found as what is wrong by itself.
    init(_ log: ViolationLog) {
        self.log = log
        self.wrongByThemselves = log.violations.map(\.path)
    }

    func add(_ path: JSONPath, _ rule: Violation.Rule, _ message: String) {
        guard !self.wrongByThemselves.contains(where: { $0.steps.starts(with: path.steps) }) else { return }
        self.log.add(path, rule, message)
    }
}
