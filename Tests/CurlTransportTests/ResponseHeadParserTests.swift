import Testing

@testable import CurlTransport

@Suite("Putting a response's head together")
struct ResponseHeadParserTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let lines: [String]
        /// The head as text, or what is wrong with it.
        let outcome: String

        var testDescription: String { self.lines.joined(separator: "|") }
    }

    static let cases = [
        Case(lines: ["HTTP/1.1 200 OK\r\n", "Content-Type: a/b\r\n", "\r\n"], outcome: "200 content-type=a/b"),
        Case(lines: ["HTTP/2 204 \r\n", "x: \r\n", "\r\n"], outcome: "204 x="),
        Case(lines: ["HTTP/1.0 404\n", "A:b:c\n", "\n"], outcome: "404 a=b:c"),
        Case(lines: ["HTTP/2 200\r\n", "a:\t1 \t\r\n", "A: 2\r\n", "\r\n"], outcome: "200 a=1 a=2"),
        Case(
            lines: ["HTTP/1.1 103 Early\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "b: c\r\n", "\r\n"],
            outcome: "200 b=c"
        ),
        Case(lines: ["HTTP/1.1 200 OK\r\n", "a: 1\r\n", "  more\r\n", "\r\n"], outcome: "200 a=1 more"),
        Case(lines: ["HTTP/2 200\r\n", "\r\n", "grpc-status: 0\r\n", "\r\n"], outcome: "200"),
        Case(lines: ["hello\r\n"], outcome: "the answer is not HTTP"),
        Case(lines: ["HTTP/1.1 2x0 OK\r\n"], outcome: "the answer is not HTTP"),
        Case(lines: ["HTTP/1.1 200 OK\r\n", "nonsense\r\n"], outcome: "the response head has a line without a colon"),
        Case(lines: ["HTTP/1.1 200 OK\r\n", " x\r\n"], outcome: "the response head begins with a blank"),
        Case(lines: ["HTTP/1.1 200 OK\r\n", "a: b\r\n"], outcome: "incomplete"),
    ]

    @Test("lines become a head with names in lower case; 1xx is passed over, trailers are ignored", arguments: cases)
    func parses(_ test: Case) {
        var parser = ResponseHeadParser()
        var outcomes: [String] = []
        for line in test.lines {
            switch parser.consume(line.utf8.span) {
            case .more: continue
            case .malformed(let why): outcomes.append(why)
            case .head(let head):
                let words = ["\(head.status)"] + head.headers.map { "\($0.name)=\($0.value)" }
                outcomes.append(words.joined(separator: " "))
            }
        }
        #expect(outcomes.first ?? "incomplete" == test.outcome)
        #expect(outcomes.count <= 1)
    }

    @Test("a head without end is refused")
    func limit() {
        var parser = ResponseHeadParser()
        _ = parser.consume("HTTP/1.1 200 OK\r\n".utf8.span)
        let line = "a: \(String(repeating: "x", count: 1000))\r\n"
        var isRefused = false
        for _ in 0..<300 {
            if case .malformed = parser.consume(line.utf8.span) { isRefused = true }
        }
        #expect(isRefused)
    }
}
