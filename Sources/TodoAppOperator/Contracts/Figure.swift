/// One figure of a contract together with where it comes from.
public struct Figure<Value: Sendable & Hashable>: Sendable, Hashable {
    /// The figure.
    public let value: Value
    /// Where it comes from.
    public let source: FigureSource

    /// A figure and where it comes from.
    public init(_ value: Value, from source: FigureSource) {
        self.value = value
        self.source = source
    }

    /// A figure that a seed names.
    public static func seed(_ number: Int, _ value: Value) -> Figure {
        Figure(value, from: .seed(number))
    }

    /// A figure that was chosen because the contract's seed does not speak of it.
    public static func silent(_ value: Value, _ reason: String) -> Figure {
        Figure(value, from: .silent(reason))
    }
}

/// Where a figure comes from.
public enum FigureSource: Sendable, Hashable {
    /// The source document of this number names it.
    case seed(Int)
    /// The contract's own document says nothing of it; the reason is why it is as it is.
    case silent(String)

    /// `seed 002`, or `silent:` and the reason.
    public var text: String {
        switch self {
        case .seed(let number): number < 10 ? "seed 00\(number)" : "seed 0\(number)"
        case .silent(let reason): "silent: \(reason)"
        }
    }
}
