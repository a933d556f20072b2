/// What a YAML stream may ask of the parser.
public struct YAMLLimits: Sendable, Hashable {
    /// How many bytes there may be.
    public var size: Int
    /// How many documents there may be.
    public var documents: Int
    /// How many sequences and mappings may lie within one another, those that come through aliases too.
    public var depth: Int
    /// How many values may come through aliases in a document.
    ///
    /// Without a limit, nine lines of aliases to aliases stand for a billion values.
    public var aliasedNodes: Int

    /// Limits of one's own.
    public init(size: Int = 10 << 20, documents: Int = 1000, depth: Int = 100, aliasedNodes: Int = 100_000) {
        self.size = size
        self.documents = documents
        self.depth = depth
        self.aliasedNodes = aliasedNodes
    }

    /// 10 MiB, 1000 documents, 100 levels, 100 000 values through aliases.
    public static let standard = YAMLLimits()
}
