internal import HTTPTransport

/// Status and headers of a response.
struct ResponseHead: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
}

/// Puts a response's head together from the lines that libcurl hands over one by one.
struct ResponseHeadParser {
    /// A head larger than this is refused; Kubernetes' are a few hundred bytes.
    static let limit = 256 * 1024

    private var state: State = .expectingStatus
    private var size = 0

    private enum State {
        case expectingStatus
        case inHead(status: Int, headers: [(name: String, value: String)])
        /// What comes now are trailers, which nobody wants.
        case complete
    }

    enum Progress {
        case more
        case head(ResponseHead)
        case malformed(String)
    }

    /// Takes one line, with its line end.
    mutating func consume(_ rawLine: String) -> Progress {
        self.size += rawLine.utf8.count
        guard self.size <= Self.limit else { return .malformed("the response head is larger than \(Self.limit) bytes") }
        let line = Self.trimmed(rawLine.utf8[...], leading: false)
        switch self.state {
        case .complete:
            return .more
        case .expectingStatus:
            guard let status = Self.status(line) else { return .malformed("the answer is not HTTP") }
            self.state = .inHead(status: status, headers: [])
            return .more
        case .inHead(let status, let headers) where line.isEmpty:
            // 1xx announces the real head.
            guard status >= 200 else {
                self.state = .expectingStatus
                return .more
            }
            self.state = .complete
            return .head(ResponseHead(status: status, headers: headers))
        case .inHead(let status, var headers):
            // The state lets go of the headers first: otherwise appending would copy them.
            self.state = .expectingStatus
            if line.first.map(Self.isBlank) == true {
                // A folded line, RFC 9112, 5.2: obsolete, but still met.
                guard let last = headers.popLast() else { return .malformed("the response head begins with a blank") }
                headers.append((last.name, "\(last.value) \(Substring(Self.trimmed(line, leading: true)))"))
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let value = Self.trimmed(line[line.index(after: colon)...], leading: true)
                headers.append((Self.lowercased(line[..<colon]), String(Substring(value))))
            } else {
                return .malformed("the response head has a line without a colon")
            }
            self.state = .inHead(status: status, headers: headers)
            return .more
        }
    }

    /// `HTTP/1.1 200 OK`, `HTTP/2 200`.
    private static func status(_ line: Substring.UTF8View) -> Int? {
        let words = Substring(line).split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), words[1].utf8.count == 3,
            let status = Int(words[1]), (100...999).contains(status)
        else { return nil }
        return status
    }

    private static func trimmed(_ text: Substring.UTF8View, leading: Bool) -> Substring.UTF8View {
        var text = text
        while let last = text.last, Self.isBlank(last) || last == 0x0D || last == 0x0A {
            text.removeLast()
        }
        while leading, let first = text.first, Self.isBlank(first) {
            text.removeFirst()
        }
        return text
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Over HTTP/2 names are in lower case already.
    private static func lowercased(_ name: Substring.UTF8View) -> String {
        let isLowercase = name.allSatisfy { !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        return isLowercase ? String(Substring(name)) : Substring(name).lowercased()
    }
}
