import Testing
import TodoAppAPI

@testable import ImageContracts

/// Every rule with a Dockerfile that breaks it.
///
/// The one that passes is what the generator writes, changed at one place here.
struct DockerfileRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var rule: ImageRule
        var contract: ContractName
        var component = ComponentName.backend
        /// What is replaced, wherever it stands.
        var old: String
        var new: String
        var level = Finding.Level.error

        var testDescription: String { "\(self.rule.rawValue) by \(self.new.prefix(60))" }
    }

    /// Put together here, so that nobody takes it for a real one.
    static let key = "sk-" + String(repeating: "a1", count: 20)

    static let cases: [Case] = [
        Case(rule: .baseImage, contract: .openai, old: "slim AS runtime", new: "alpine AS runtime"),
        Case(rule: .baseImage, contract: .taskflow, old: "3.13-slim AS runner", new: "3.12-slim AS runner"),
        Case(
            rule: .baseImage,
            contract: .groq,
            component: .frontend,
            old: "node:20-alpine AS runner",
            new: "node:20 AS runner"
        ),
        Case(rule: .baseTag, contract: .openai, old: "python:3.13-slim AS builder", new: "python:latest AS builder"),
        Case(rule: .baseTag, contract: .openai, old: "python:3.13-slim AS builder", new: "python AS builder"),
        Case(rule: .baseTag, contract: .openai, old: "python:3.13-slim AS builder", new: "${NOWHERE} AS builder"),
        Case(rule: .multiStage, contract: .openai, old: "COPY --from=builder /app/.venv /app/.venv", new: "RUN true"),
        Case(rule: .installer, contract: .openai, old: "uv pip install", new: "pip install"),
        Case(rule: .installer, contract: .fastapi, old: "uv sync --frozen", new: "uv sync"),
        Case(rule: .installer, contract: .taskflow, component: .frontend, old: "RUN npm ci", new: "RUN npm install"),
        Case(rule: .installer, contract: .cohere, old: "RUN pip install", new: "RUN poetry install"),
        Case(rule: .cacheOrder, contract: .openai, old: "COPY requirements.txt ./", new: "COPY . ./"),
        Case(
            rule: .cacheOrder,
            contract: .taskflow,
            component: .frontend,
            old: "COPY package*.json ./",
            new: "COPY . ."
        ),
        before("EXPOSE", .buildTools, "RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*"),
        before("EXPOSE", .buildTools, "RUN pip install --no-cache-dir uv"),
        before("EXPOSE", .buildTools, "RUN apt-get install libpq-dev=16.1 && rm -rf /var/lib/apt/lists/*"),
        before("EXPOSE", .buildTools, "COPY --from=builder /usr/local/bin/uv /usr/local/bin/"),
        before("EXPOSE", .buildTools, "COPY --from=builder / /"),
        before("EXPOSE", .packageCache, "RUN apt-get update && apt-get install -y libpq5", level: .warning),
        before("EXPOSE", .packageCache, "RUN apk add libpq", level: .warning),
        before("EXPOSE", .packageCache, "RUN pip install httpie", level: .warning),
        before("EXPOSE", .remoteAdd, "ADD https://example.com/x.tar.gz /opt/", level: .warning),
        before("EXPOSE", .secretInEnvironment, "ENV OPENAI_API_KEY=abc"),
        before("EXPOSE", .secretInEnvironment, "ENV LOG_LEVEL=info \\\n    SMTP_PASSWORD=abc"),
        before("EXPOSE", .secretInEnvironment, "ENV GREETING=\(key)"),
        before("EXPOSE", .secretInEnvironment, "ENV UPSTREAM=postgresql://app:s3cret@db/todo"),
        before("EXPOSE", .secretInEnvironment, "ENV BETTER_AUTH_SECRET $BETTER_AUTH_SECRET"),
        before("EXPOSE", .secretInArgument, "ARG BETTER_AUTH_SECRET"),
        before("EXPOSE", .secretInArgument, "ARG NPM_TOKEN=\"\""),
        Case(
            rule: .secretInArgument,
            contract: .openai,
            old: "FROM python:3.13-slim AS b",
            new: "ARG DB_PASSWORD\nFROM python:3.13-slim AS b"
        ),
        before("EXPOSE", .secretInText, "RUN curl -H 'Authorization: Bearer \(key)' https://example.com"),
        before("EXPOSE", .secretInText, "RUN <<EOF\ncurl https://me:s3cret@example.com\nEOF"),
        before("EXPOSE", .secretInText, "LABEL key=\(key)"),
        before("EXPOSE", .secretFile, "COPY .env ./"),
        before("EXPOSE", .secretFile, "COPY [\"keys/id_rsa\", \"/root/.ssh/\"]"),
        Case(rule: .nonRootUser, contract: .openai, old: "USER 1000:1000", new: "USER root"),
        Case(rule: .nonRootUser, contract: .openai, old: "USER 1000:1000", new: "# none"),
        Case(rule: .nonRootUser, contract: .fastapi, old: "USER 1000:1000", new: "USER 0:1000"),
        Case(rule: .nonRootUser, contract: .cohere, old: "USER 1000:1000", new: "# none", level: .warning),
        Case(rule: .userID, contract: .openai, old: "USER 1000:1000", new: "USER 1234"),
        Case(rule: .userID, contract: .groq, old: "USER 1001:1001", new: "USER 1001:1002"),
        Case(rule: .userID, contract: .openai, old: "USER 1000:1000", new: "USER stranger", level: .warning),
        Case(rule: .workingDirectory, contract: .openai, old: "WORKDIR /app", new: "WORKDIR /srv"),
        Case(rule: .workingDirectory, contract: .openai, old: "WORKDIR /app", new: "# none"),
        Case(rule: .port, contract: .openai, old: "EXPOSE 8000", new: "EXPOSE 8001"),
        Case(rule: .port, contract: .openai, old: "EXPOSE 8000", new: "EXPOSE 8000 9000/udp", level: .warning),
        Case(rule: .command, contract: .openai, old: "\"app.main:app\"", new: "\"other:app\""),
        Case(rule: .command, contract: .openai, old: "\"0.0.0.0\"", new: "\"127.0.0.1\""),
        Case(
            rule: .command,
            contract: .openai,
            old: "\"--port\", \"8000\"]",
            new: "\"--port\", \"8000\", \"--reload\"]"
        ),
        Case(rule: .command, contract: .fastapi, old: ", \"--workers\", \"1\"", new: ""),
        Case(rule: .command, contract: .taskflow, component: .frontend, old: "\"server.js\"", new: "\"other.js\""),
        Case(rule: .command, contract: .openai, old: "CMD [\"uvicorn\"", new: "CMD [\"gunicorn\""),
        Case(
            rule: .commandForm,
            contract: .taskflow,
            component: .frontend,
            old: "CMD [\"node\", \"server.js\"]",
            new: "CMD node server.js"
        ),
        Case(
            rule: .commandForm,
            contract: .taskflow,
            component: .frontend,
            old: "[\"node\", \"server.js\"]",
            new: "[\"sh\", \"-c\", \"node server.js\"]"
        ),
        Case(rule: .environment, contract: .openai, old: "PYTHONUNBUFFERED=1", new: "PYTHONUNBUFFERED=0"),
        Case(rule: .environment, contract: .openai, old: "PATH=/app/.venv/bin:$PATH", new: "OTHER=1"),
        Case(rule: .healthCheck, contract: .openai, old: "# A list", new: "HEALTHCHECK NONE\n# A list"),
        Case(
            rule: .healthCheck,
            contract: .taskflow,
            old: "# A list",
            new: "HEALTHCHECK NONE\n# A list",
            level: .warning
        ),
        Case(rule: .healthCheckTarget, contract: .openai, old: "8000/health/live", new: "8000/health"),
        Case(rule: .healthCheckTarget, contract: .groq, old: ":8001/health", new: ":8000/health"),
        Case(rule: .healthCheckTiming, contract: .openai, old: "--start-period=40s", new: "--start-period=4s"),
        Case(rule: .healthCheckTiming, contract: .cohere, old: "--timeout=10s", new: "--timeout=1m10s"),
        Case(
            rule: .healthCheckProgram,
            contract: .openai,
            old:
                "[\"python\", \"-c\", \"import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live')\"]",
            new: "curl -f http://localhost:8000/health/live || exit 1",
            level: .warning
        ),
        Case(rule: .labels, contract: .fastapi, old: "maintainer=", new: "other="),
    ]

    /// Something that stands in openai's Dockerfile before a line.
    private static func before(_ line: String, _ rule: ImageRule, _ new: String, level: Finding.Level = .error) -> Case
    {
        Case(rule: rule, contract: .openai, old: "\n\(line)", new: "\n\(new)\n\(line)", level: level)
    }

    @Test("A Dockerfile that breaks a rule is told of by that rule, with a line", arguments: Self.cases)
    func broken(_ breach: Case) throws {
        let image = ImageContract.of(breach.contract, breach.component)
        let text = image.dockerfile.replacingAll(breach.old, with: breach.new)
        try #require(text != image.dockerfile)
        let findings = DockerfileCheck(try Dockerfile(parsing: text), against: image).findings()
        let found = findings.filter { $0.rule == breach.rule }
        #expect(found.map(\.level).contains(breach.level))
        #expect(!findings.isClean)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        for finding in findings {
            guard case .line(let line) = finding.place else {
                Issue.record("\(finding) has no line")
                continue
            }
            #expect((1...lines).contains(line))
            #expect(!finding.message.contains(Self.key) && !finding.message.contains("s3cret"))
            #expect(!finding.message.contains("\n"))
        }
    }

    @Test("Every rule for Dockerfiles has a Dockerfile here that breaks it, and no other rule is ever told of")
    func complete() {
        let rules = Set(ImageRule.allCases.filter { $0.subjects.contains(.dockerfile) })
        #expect(Set(Self.cases.map(\.rule)) == rules)
    }

    @Test("The line is that of the instruction, not of the file")
    func line() throws {
        let image = ImageContract.of(.openai, .backend)
        let text = image.dockerfile.replacingAll("\nEXPOSE 8000", with: "\nENV OPENAI_API_KEY=x\nEXPOSE 8000")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.hasPrefix("ENV OPENAI_API_KEY") })
        let findings = DockerfileCheck(try Dockerfile(parsing: text), against: image).findings()
        #expect(findings.map(\.place) == [.line(line + 1)])
    }
}

extension String {
    /// With every occurrence of a text replaced.
    func replacingAll(_ old: String, with new: String) -> String {
        var text = ""
        var rest = self[...]
        while let found = rest.firstRange(of: old) {
            text += rest[..<found.lowerBound] + new
            rest = rest[found.upperBound...]
        }
        return text + rest
    }
}
