/// The version of an object's or a collection's state.
///
/// Versions of one type are compared as numbers, as Kubernetes has promised since KEP-5504 and has always done;
/// one that is not a number only equals itself.
public struct ResourceVersion: Sendable, Hashable {
    /// The version as the API server wrote it; empty for none.
    public let text: String

    /// Takes over a version.
    public init(_ text: String) {
        self.text = text
    }

    /// Whether there is none.
    public var isEmpty: Bool {
        self.text.isEmpty
    }

    /// Whether this state includes what was written as `other`; `false` where the two cannot be compared.
    public func isAtLeast(_ other: ResourceVersion) -> Bool {
        if self.text == other.text { return true }
        guard let mine = UInt64(self.text), let theirs = UInt64(other.text) else { return false }
        return mine >= theirs
    }
}

extension ResourceVersion: CustomStringConvertible {
    /// The version as the API server wrote it.
    public var description: String {
        self.text
    }
}
