import JSON
import Locks
import Logging
import Observability
import Testing

@Suite("LineLogHandler")
struct LineLogHandlerTests {
    private let lines = Locked<[String]>([])

    private func logger(_ format: LogFormat, level: Logger.Level = .trace) -> Logger {
        let lines = self.lines
        return Logger(label: "test") { _ in
            LineLogHandler(
                format: format,
                level: level,
                now: { "2026-01-01T00:00:00.000Z" },
                write: { line in lines.withLock { $0.append(line) } }
            )
        }
    }

    private var written: [String] {
        self.lines.withLock { $0 }
    }

    @Test("A text line is time, level, message and the fields in the order of their names")
    func text() {
        self.logger(.text).info("ready", metadata: ["workers": "4", "app": "todo"])
        #expect(self.written == ["2026-01-01T00:00:00.000Z INFO     ready app=todo workers=4\n"])
    }

    @Test("Levels are padded, so that messages stand below each other")
    func padding() {
        let logger = self.logger(.text)
        for level in Logger.Level.allCases {
            logger.log(level: level, "x")
        }
        #expect(Set(self.written.map { $0.utf8.count }) == ["2026-01-01T00:00:00.000Z CRITICAL x\n".utf8.count])
    }

    @Test("Even the longest level has a blank behind it")
    func longestLevel() {
        self.logger(.text).critical("lost")
        #expect(self.written.first?.contains("CRITICAL lost") == true)
    }

    @Test(
        "A value that could be misread stands in quotes",
        arguments: [
            ("plain", "plain"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
            ("say \"x\"", "\"say \\\"x\\\"\""), ("a\nb", "\"a\\nb\""), ("a\r\nb", "\"a\\r\\nb\""), ("é", "é"),
        ]
    )
    func quotes(_ value: String, _ text: String) {
        self.logger(.text).info("m", metadata: ["k": .string(value)])
        #expect(self.written == ["2026-01-01T00:00:00.000Z INFO     m k=\(text)\n"])
    }

    @Test("An event is one line, whatever its message holds", arguments: LogFormat.allCases)
    func oneLine(_ format: LogFormat) {
        self.logger(format).error("one\ntwo\r\nthree", metadata: ["k": "a\nb"])
        #expect(self.written.count == 1)
        #expect(self.written.first?.dropLast().contains(where: \.isNewline) == false)
        #expect(self.written.first?.last == "\n")
    }

    @Test("A JSON line holds the same, and a field never takes the place of what every line has")
    func json() throws {
        self.logger(.json).warning("a \"b\"", metadata: ["key": "v", "level": "high", "time": "noon", "message": "m"])
        let line = try #require(self.written.first)
        let expected: JSONValue = [
            "time": "2026-01-01T00:00:00.000Z", "level": "warning", "message": "a \"b\"", "key": "v",
            "field.level": "high", "field.time": "noon", "field.message": "m",
        ]
        #expect(try JSONValue(parsing: Array(line.utf8)) == expected)
        #expect(line.hasPrefix("{\"time\":"))
    }

    @Test("The same event gives the same bytes", arguments: LogFormat.allCases)
    func deterministic(_ format: LogFormat) {
        let metadata: Logger.Metadata = ["e": "5", "a": "1", "d": "4", "b": "2", "c": "3"]
        for _ in 0..<5 {
            self.logger(format).info("m", metadata: metadata)
        }
        #expect(Set(self.written).count == 1)
    }

    @Test("What is below the level is not written")
    func level() {
        let logger = self.logger(.text, level: .warning)
        logger.info("quiet")
        logger.debug("quieter")
        logger.error("loud")
        #expect(self.written.count == 1)
    }

    @Test("Of the logger's, the provider's and the event's own fields, the latter wins")
    func precedence() {
        let lines = self.lines
        var handler = LineLogHandler(
            format: .text,
            level: .info,
            now: { "t" },
            write: { line in lines.withLock { $0.append(line) } }
        )
        handler.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
        handler[metadataKey: "a"] = "handler"
        handler[metadataKey: "b"] = "handler"
        var logger = Logger(label: "test") { [handler] _ in handler }
        logger[metadataKey: "d"] = "logger"
        logger.info("m", metadata: ["c": "event"])
        #expect(self.written == ["t INFO     m a=handler b=provider c=event d=logger\n"])
        #expect(logger[metadataKey: "a"] == "handler")
    }
}
