/// What a document may ask of the parser.
public struct JSONLimits: Sendable, Hashable {
    /// What happens where an object has the same key twice.
    public enum DuplicateKeys: Sendable, Hashable {
        /// The later member's value takes the place of the earlier one's, as in the API server.
        case lastWins
        /// The document is refused.
        case rejected
    }

    /// How many arrays and objects may lie within one another.
    ///
    /// Values are walked recursively everywhere, so this is what keeps a hostile document from exhausting the stack.
    public var depth: Int
    /// What happens where an object has the same key twice.
    public var duplicateKeys: DuplicateKeys

    /// A member that is left out wherever it stands, if its value is an object or an array: of that nothing is read but
    /// where it ends.
    ///
    /// Defaults to none.
    public var omittedKey: String?

    /// Limits of one's own.
    public init(depth: Int = 256, duplicateKeys: DuplicateKeys = .lastWins, omittedKey: String? = nil) {
        self.depth = depth
        self.duplicateKeys = duplicateKeys
        self.omittedKey = omittedKey
    }

    /// 256 levels, and the last of equal keys wins.
    public static let standard = JSONLimits()
}
