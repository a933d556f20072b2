/// Something that a check has to say of a Dockerfile or an image.
public struct Finding: Sendable, Hashable {
    /// The rule.
    public var rule: ImageRule
    /// How grave it is; the rule's own level where the contract does not say otherwise.
    public var level: Level
    /// One line: what is there, and what should be.
    ///
    /// Never a secret's value.
    public var message: String
    /// Where.
    public var place: Place

    /// How grave a finding is, by SARIF's names.
    public enum Level: String, Sendable, Hashable, CaseIterable {
        /// It breaks the contract.
        case error
        /// The contract does not speak of it; it is wrong all the same.
        case warning
        /// Worth knowing, and no reason to fail.
        case note
    }

    /// Where something was found.
    public enum Place: Sendable, Hashable {
        /// A line of a Dockerfile, from 1 up.
        case line(Int)
        /// The file or image as a whole.
        case whole
        /// A field of the image's configuration.
        case configuration(String)
        /// A line of the image's history, from 1 up.
        case history(Int)
        /// A file in a layer, from 1 up.
        case layer(Int, path: String)
    }

    /// A finding; without a level it has the rule's own.
    public init(_ rule: ImageRule, _ message: String, at place: Place = .whole, level: Level? = nil) {
        self.rule = rule
        self.message = message
        self.place = place
        self.level = level ?? rule.level
    }
}

extension Array<Finding> {
    /// Whether nothing is there but notes.
    public var isClean: Bool { self.allSatisfy { $0.level == .note } }
}

extension Finding.Place {
    /// As in a line of text: `12`, `layer 3: app/.env`; `nil` for the whole.
    public var text: String? {
        switch self {
        case .line(let line): "\(line)"
        case .whole: nil
        case .configuration(let field): "config \(field)"
        case .history(let number): "history \(number)"
        case .layer(let number, let path): "layer \(number): \(path)"
        }
    }
}
