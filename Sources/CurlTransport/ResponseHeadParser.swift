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
    mutating func consume(_ rawLine: Span<UInt8>) -> Progress {
        self.size += rawLine.count
        guard self.size <= Self.limit else { return .malformed("the response head is larger than \(Self.limit) bytes") }
        let line = rawLine.extracting(0..<Self.trimmedEnd(rawLine))
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
            if Self.isBlank(line[0]) {
                // A folded line, RFC 9112, 5.2: obsolete, but still met.
                guard let last = headers.popLast() else { return .malformed("the response head begins with a blank") }
                headers.append((last.name, "\(last.value) \(Self.value(line, from: 0))"))
            } else if let colon = line.indices.first(where: { line[$0] == UInt8(ascii: ":") }) {
                headers.append((Self.name(line.extracting(0..<colon)), Self.value(line, from: colon + 1)))
            } else {
                return .malformed("the response head has a line without a colon")
            }
            self.state = .inHead(status: status, headers: headers)
            return .more
        }
    }

    /// `HTTP/1.1 200 OK`, `HTTP/2 200`.
    private static func status(_ line: Span<UInt8>) -> Int? {
        guard line.count > 5, zip(0..., "HTTP/".utf8).allSatisfy({ line[$0] == $1 }) else { return nil }
        var start = 5
        while start < line.count, !Self.isBlank(line[start]) { start += 1 }
        while start < line.count, Self.isBlank(line[start]) { start += 1 }
        let end = start + 3
        guard end <= line.count, end == line.count || Self.isBlank(line[end]) else { return nil }
        var status = 0
        for index in start..<end {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[index]) else { return nil }
            status = status * 10 + Int(line[index] - UInt8(ascii: "0"))
        }
        return status >= 100 ? status : nil
    }

    private static func trimmedEnd(_ line: Span<UInt8>) -> Int {
        var end = line.count
        while end > 0, Self.isBlank(line[end - 1]) || line[end - 1] == 0x0D || line[end - 1] == 0x0A { end -= 1 }
        return end
    }

    private static func value(_ line: Span<UInt8>, from start: Int) -> String {
        var start = start
        while start < line.count, Self.isBlank(line[start]) { start += 1 }
        return Self.text(line.extracting(start..<line.count))
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Over HTTP/2 names are in lower case already.
    private static func name(_ bytes: Span<UInt8>) -> String {
        let text = Self.text(bytes)
        let isLowercase = bytes.indices.allSatisfy { !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[$0]) }
        return isLowercase ? text : text.lowercased()
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        if let valid = try? UTF8Span(validating: bytes) { return String(copying: valid) }
        return String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}
