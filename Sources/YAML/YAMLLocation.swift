/// A place in a YAML stream, as editors count.
public struct YAMLLocation: Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Both numbers, as in `line 3, column 5`.
    public var description: String {
        "line \(self.line), column \(self.column)"
    }
}
