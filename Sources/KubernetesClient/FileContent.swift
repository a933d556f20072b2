internal import FoundationEssentials

/// Why a file cannot be read, for the end of a sentence that begins with its name.
struct FileReadError: Error, Equatable {
    let why: String
}

extension String {
    /// The text without the white space around it, such as the line break at a file's end.
    var trimmed: String {
        let withoutHead = self.drop(while: \.isWhitespace)
        guard let last = withoutHead.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(withoutHead[...last])
    }

    /// The text with spaces for line breaks: names from a file or a server may hold any, and a message is one line.
    var onOneLine: String {
        self.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

/// Whole files.
enum FileContent {
    /// The bytes of a file.
    static func read(_ path: String) throws(FileReadError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch let error as CocoaError {
            switch error.code {
            case .fileReadNoSuchFile, .fileNoSuchFile: throw FileReadError(why: "no such file")
            case .fileReadNoPermission: throw FileReadError(why: "permission denied")
            default: throw FileReadError(why: "it cannot be read")
            }
        } catch {
            throw FileReadError(why: "it cannot be read")
        }
    }
}
