/// Why a text is no Dockerfile.
public enum DockerfileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line cannot be read; the reason goes on where the line's number stands.
    case cannotParse(line: Int, String)
    /// Nothing is in there, or nothing that begins an image.
    case hasNoStage

    /// `line 3: …`.
    public var description: String {
        switch self {
        case .cannotParse(let line, let reason): "line \(line): \(reason)"
        case .hasNoStage: "no FROM is in there"
        }
    }
}
