/// Which faults meet which requests: rules in order, and a dice for the rest.
///
/// The same requests in the same order meet the same faults: rules count, and dice are thrown from a seed.
public struct FaultPlan: Sendable {
    /// Which requests a rule is about.
    public struct Pattern: Sendable {
        /// The verbs; empty for all.
        public var verbs: Set<SimulatedRequest.Verb>
        /// The type, for example `deployments.apps`; empty for all.
        public var resource: String
        /// The object; empty for all.
        public var name: String
        /// Who asks; empty for all.
        public var user: String

        /// A pattern; what is not given does not matter.
        public init(
            _ verbs: Set<SimulatedRequest.Verb> = [],
            _ resource: String = "",
            name: String = "",
            user: String = ""
        ) {
            self.verbs = verbs
            self.resource = resource
            self.name = name
            self.user = user
        }

        /// All requests.
        public static let any = Pattern()
        /// All requests that can change anything.
        public static let writes = Pattern([.create, .update, .patch, .delete, .deletecollection])
        /// All watches.
        public static let watches = Pattern([.watch])

        /// Whether a request is meant.
        public func matches(_ request: SimulatedRequest) -> Bool {
            (self.verbs.isEmpty || self.verbs.contains(request.verb))
                && (self.resource.isEmpty || self.resource == request.resource)
                && (self.name.isEmpty || self.name == request.name)
                && (self.user.isEmpty || self.user == request.user)
        }
    }

    private struct Rule {
        var fault: Fault
        var pattern: Pattern
        var skipping: Int
        var times: Int
    }

    private struct Dice {
        var random: SeededRandom
        var probability: Double
        var faults: [Fault]
        var pattern: Pattern

        mutating func roll() -> Fault? {
            guard Double.random(in: 0..<1, using: &self.random) < self.probability else { return nil }
            return self.faults.randomElement(using: &self.random)
        }
    }

    /// Whether somebody may do what is asked, as RBAC would have it; who may not is answered with 403.
    ///
    /// Defaults to everything for everybody.
    public var isAllowed: @Sendable (SimulatedRequest) -> Bool = { _ in true }

    private var rules: [Rule] = []
    private var dice: Dice?

    /// Nothing goes wrong.
    public init() {}

    /// Lets a fault meet requests.
    ///
    /// - Parameters:
    ///   - fault: What goes wrong.
    ///   - pattern: Which requests. Defaults to all.
    ///   - skipping: How many of these requests are spared first. Defaults to 0.
    ///   - times: How many of these requests are met then. Defaults to 1.
    public mutating func add(_ fault: Fault, on pattern: Pattern = .any, skipping: Int = 0, times: Int = 1) {
        self.rules.append(Rule(fault: fault, pattern: pattern, skipping: skipping, times: times))
    }

    /// Lets faults meet requests by chance.
    ///
    /// - Parameters:
    ///   - faults: Each is as likely as the others.
    ///   - probability: How likely a request meets any of them, from 0 to 1.
    ///   - seed: Where the chance comes from. Print it: with it a failure can be seen again.
    ///   - pattern: Which requests. Defaults to all.
    public mutating func roll(_ faults: [Fault], probability: Double, seed: UInt64, on pattern: Pattern = .any) {
        self.dice = Dice(
            random: SeededRandom(seed: seed),
            probability: probability,
            faults: faults,
            pattern: pattern
        )
    }

    /// Nothing goes wrong any more.
    public mutating func clear() {
        self = FaultPlan()
    }

    /// Whether any fault meets a request; it counts as met then.
    public mutating func meets(_ request: SimulatedRequest) -> Bool {
        self.fault(for: request) != nil
    }

    /// What meets a request; the first rule that has a fault left wins, and the dice are thrown only where none has.
    mutating func fault(for request: SimulatedRequest) -> Fault? {
        guard self.isAllowed(request) else { return .forbidden(request) }
        var met: Fault?
        for index in self.rules.indices where met == nil && self.rules[index].pattern.matches(request) {
            if self.rules[index].skipping > 0 {
                self.rules[index].skipping -= 1
            } else if self.rules[index].times > 0 {
                self.rules[index].times -= 1
                met = self.rules[index].fault
            }
        }
        if met != nil { return met }
        guard self.dice?.pattern.matches(request) == true else { return nil }
        return self.dice?.roll()
    }
}

extension Fault {
    /// What RBAC answers, in the API server's words.
    fileprivate static func forbidden(_ request: SimulatedRequest) -> Fault {
        let scope = request.namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        let what = "User \"\(request.user)\" cannot \(request.verb.rawValue) resource \"\(request.resource)\""
        return .respond(403, message: "\(request.resource) is forbidden: \(what) \(scope)")
    }
}
