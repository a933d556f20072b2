internal import TodoAppAPI

/// What the app's Secret must hold, put together from what the user named, what is there and what can be made.
///
/// Nothing that runs is ever broken by it: while anything is missing, all that the Secret holds already stays in it.
public struct SecretAssembly: Sendable, Equatable {
    /// What one of the named Secrets holds.
    public enum SourceData: Sendable, Equatable {
        /// There is none of this name.
        case missing
        /// Its data, decoded.
        case found([String: [UInt8]])
    }

    /// All that the Secret is put together from.
    public struct Inputs: Sendable, Equatable {
        /// The named Secrets by name; one that is not in here counts as missing.
        public var sources: [String: SourceData]
        /// The app's own Secret as it is; `nil` before there is one.
        public var own: [String: [UInt8]]?
        /// Values by variable that the operator has made elsewhere: the embedded database's DATABASE_URL.
        public var made: [String: [UInt8]]
        /// Whether a signing key that the operator made is to be made anew.
        public var rotatesSigningKey: Bool

        /// What is known.
        public init(
            sources: [String: SourceData] = [:],
            own: [String: [UInt8]]? = nil,
            made: [String: [UInt8]] = [:],
            rotatesSigningKey: Bool = false
        ) {
            self.sources = sources
            self.own = own
            self.made = made
            self.rotatesSigningKey = rotatesSigningKey
        }
    }

    /// What the pods read: the own Secret's content to write, or what the contract's keys hold in an existing Secret.
    public let content: [String: [UInt8]]
    /// Why the components that read the Secret must be left as they are; empty if all is well.
    public let problems: [SecretProblem]
    /// The keys whose values were made just now.
    public let generated: [String]

    /// Whether everything is there and as it must be.
    public var isComplete: Bool {
        self.problems.isEmpty
    }
}

/// Why an app's Secret is not what its contract needs.
///
/// No case holds a value.
public enum SecretProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// A Secret that the spec names does not exist.
    case sourceNotFound(String)
    /// None of these Secrets has a key that the contract needs.
    case keyMissing(String, sources: [String])
    /// A key's value breaks a rule.
    case invalidValue(String, rule: SecretRule)

    /// The reason that conditions give.
    public var reason: String {
        switch self {
        case .sourceNotFound: "ReferencedSecretNotFound"
        case .keyMissing: "ReferencedKeyNotFound"
        case .invalidValue: "InvalidSecretValue"
        }
    }

    /// One line for people, which names key and rule and never a value.
    public var description: String {
        switch self {
        case .sourceNotFound(let name): "Secret \(name) does not exist"
        case .keyMissing(let key, let sources):
            switch sources.count {
            case 0: "key \(key): no Secret is named that could have it, see spec.secrets"
            case 1: "key \(key) is missing in Secret \(sources[0])"
            default: "key \(key) is missing in each of the Secrets \(sources.joined(separator: ", "))"
            }
        case .invalidValue(let key, let rule): "the value of key \(key) \(rule.text)"
        }
    }
}

// MARK: - Putting together

extension SecretAssembly {
    /// Puts an app's Secret together, or looks through an existing one.
    ///
    /// - Parameters:
    ///   - app: The app, whose spec names the sources.
    ///   - inputs: What these hold.
    ///   - random: Gives so many bytes that nobody can guess; asked only for a signing key that there is none of.
    public init(of app: EffectiveApp, inputs: Inputs, random: (_ count: Int) -> [UInt8]) {
        var content: [String: [UInt8]] = [:]
        var problems: [SecretProblem] = []
        var generated: [String] = []
        let supply = Supply(of: app.spec.secrets.source, inputs: inputs)
        problems += supply.missingSources.map(SecretProblem.sourceNotFound)

        for wanted in app.secretKeys {
            let key = wanted.key
            let last = inputs.own?[key.key]
            switch supply.value(of: key) {
            case .found(let value) where key.rule.accepts(value):
                content[key.key] = value
            case .found where wanted.isRequired:
                problems.append(.invalidValue(key.key, rule: key.rule))
            case .none(_, isNamed: false) where key.kind == .signingKey && supply.canGenerate:
                if let last, key.rule.accepts(last), !inputs.rotatesSigningKey {
                    content[key.key] = last
                } else if last != nil, !inputs.rotatesSigningKey {
                    problems.append(.invalidValue(key.key, rule: key.rule))
                } else {
                    content[key.key] = base64URL(random(signingKeyBytes))
                    generated.append(key.key)
                }
            case .none(let asked, _) where wanted.isRequired:
                problems.append(.keyMissing(key.key, sources: asked))
            case .found, .none, .unknown:
                // What nobody needs may be missing; and a source that is missing itself may have held the key, so that
                // nothing is made up and nothing more is said.
                break
            }
        }

        // Pods of the old revision go on reading what they were made with, whichever contract that was: a value that
        // changed alone could keep them from starting again.
        if !problems.isEmpty, let own = inputs.own {
            content.merge(own) { _, own in own }
        }
        self.content = content
        self.problems = problems
        self.generated = generated
    }
}

/// 48 bytes give 64 characters, twice of what the most demanding seed (001) asks of a signing key.
private let signingKeyBytes = 48

// MARK: - Where values come from

private struct Supply {
    enum Answer {
        case found([UInt8])
        /// These Secrets were asked; with `isNamed`, one of them for this very key.
        case none(asked: [String], isNamed: Bool)
        /// A Secret that may have it is missing.
        case unknown
    }

    let sources: [SecretSource]
    let inputs: SecretAssembly.Inputs
    let canGenerate: Bool

    init(of source: SecretsSpec.Source, inputs: SecretAssembly.Inputs) {
        self.inputs = inputs
        switch source {
        case .none:
            self.sources = []
            self.canGenerate = true
        case .from(let sources):
            self.sources = sources
            self.canGenerate = true
        case .existing(let name):
            self.sources = [SecretSource(secretName: name)]
            self.canGenerate = false
        }
    }

    var missingSources: [String] {
        var missing: [String] = []
        for name in self.sources.map(\.secretName) where self.data(of: name) == nil && !missing.contains(name) {
            missing.append(name)
        }
        return missing
    }

    /// The first source that has a key gives it.
    func value(of key: SecretKey) -> Answer {
        if let made = self.inputs.made[key.variable] { return .found(made) }
        var isAnyMissing = false
        var isNamed = false
        var asked: [String] = []
        for source in self.sources {
            guard let sourceKey = source.sourceKey(of: key.key) else { continue }
            guard let data = self.data(of: source.secretName) else {
                isAnyMissing = true
                continue
            }
            if let value = data[sourceKey] { return .found(value) }
            isNamed = isNamed || source.keys != .sameNames
            asked.append(sourceKey == key.key ? source.secretName : "\(source.secretName) (as \(sourceKey))")
        }
        return isAnyMissing ? .unknown : .none(asked: asked, isNamed: isNamed)
    }

    private func data(of name: String) -> [String: [UInt8]]? {
        guard case .found(let data) = self.inputs.sources[name] else { return nil }
        return data
    }
}

extension SecretSource {
    /// The key under which this source may hold a key of the contract; `nil` if it does not feed that key.
    fileprivate func sourceKey(of contractKey: String) -> String? {
        switch self.keys {
        case .sameNames: contractKey
        case .mapped(let mappings): mappings.first { $0.contractKey == contractKey }?.sourceKey
        }
    }
}

/// Letters, digits, `-` and `_`: a value that can stand in a URL, a header and a shell without quotes.
func base64URL(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var text: [UInt8] = []
    var bits: UInt32 = 0
    var bitCount = 0
    for byte in bytes {
        bits = (bits << 8 | UInt32(byte)) & 0xFFFF
        bitCount += 8
        while bitCount >= 6 {
            bitCount -= 6
            text.append(digits[Int(bits >> UInt32(bitCount)) & 63])
        }
    }
    if bitCount > 0 {
        text.append(digits[Int(bits << UInt32(6 - bitCount)) & 63])
    }
    return text
}
