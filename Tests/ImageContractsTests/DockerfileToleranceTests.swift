import Testing
import TodoAppAPI

@testable import ImageContracts

/// Other ways to say the same, which are no findings.
struct DockerfileToleranceTests {
    private static let replacements: [(contract: ContractName, component: ComponentName, old: String, new: String)] = [
        (.openai, .backend, "python:3.13-slim AS runtime", "docker.io/library/python:3.13.1-slim-bookworm AS runtime"),
        (
            .openai, .backend, "python:3.13-slim AS runtime",
            "mirror.example:5000/python:3.13-slim@sha256:abc AS runtime"
        ),
        (.groq, .backend, "python:3.13-alpine AS runtime", "python:3.13-alpine3.21 AS runtime"),
        (.openai, .backend, "USER 1000:1000", "USER appuser"),
        (.openai, .backend, "USER 1000:1000", "USER 1000"),
        (.openai, .backend, "USER 1000:1000", "ARG APP_UID=1000\nUSER ${APP_UID}"),
        (.taskflow, .frontend, "USER 1001:1001", "USER nextjs"),
        (.openai, .backend, "EXPOSE 8000", "ENV PORT=8000\nEXPOSE $PORT/tcp"),
        (.openai, .backend, "[\"uvicorn\", ", "[\"/app/.venv/bin/python\", \"-m\", \"uvicorn\", "),
        (.openai, .backend, "\"--port\", \"8000\"]", "\"--port=8000\", \"--no-access-log\", \"--workers\", \"2\"]"),
        (.groq, .backend, "app.main:app", "main:app"),
        (.fastapi, .backend, "\"main:app\"", "\"service:application\""),
        (.fastapi, .backend, "8000/health", "8000/alive"),
        (.fastapi, .backend, "--frozen", "--locked"),
        (.openai, .backend, "127.0.0.1:8000", "localhost:8000"),
        (.openai, .backend, "--interval=30s", "--interval=0m30s"),
        (.taskflow, .frontend, "CMD [\"node\"", "ENTRYPOINT [\"docker-entrypoint.sh\"]\nCMD [\"node\""),
        (.openai, .backend, "\nEXPOSE", "\nRUN apk add --no-cache gcc && make && apk del gcc\nEXPOSE"),
        (.openai, .backend, "\nEXPOSE", "\nENV MAX_TOKENS=2000 MONKEY=1 PASSWORD_MIN_LENGTH=8 GPG_KEY=ABCD\nEXPOSE"),
        (
            .openai, .backend, "\nEXPOSE",
            "\nENV EXAMPLE='postgresql://user:$PASSWORD@db' A=postgresql://u:password@h\nEXPOSE"
        ),
        (.openai, .backend, "\nEXPOSE", "\nRUN --mount=type=secret,id=token cat /run/secrets/token\nEXPOSE"),
        (.openai, .backend, "\nEXPOSE", "\nCOPY .env.example ./\nEXPOSE"),
    ]

    @Test("Other ways to say the same are no findings", arguments: Self.replacements.indices)
    func tolerated(index: Int) throws {
        let (contract, component, old, new) = Self.replacements[index]
        let image = ImageContract.of(contract, component)
        let text = image.dockerfile.replacingAll(old, with: new)
        try #require(text != image.dockerfile)
        #expect(DockerfileCheck(try Dockerfile(parsing: text), against: image).findings() == [])
    }

    @Test("What an earlier stage lays down holds in the stage that stands on it")
    func inherited() throws {
        let image = ImageContract.of(.openai, .backend)
        let text = image.dockerfile + "FROM runtime AS release\nLABEL a=b\n"
        #expect(DockerfileCheck(try Dockerfile(parsing: text), against: image).findings() == [])
        let root = DockerfileCheck(try Dockerfile(parsing: text + "USER root\n"), against: image).findings()
        #expect(root.map(\.rule) == [.nonRootUser])
    }

    /// As the oldest of the contracts describes its Dockerfile, in words of this test's own.
    private static let asDescribed = """
        FROM python:3.13-slim AS builder
        RUN pip install --no-cache-dir uv
        WORKDIR /app
        COPY requirements.txt .
        RUN uv venv .venv && uv pip install --no-cache -r requirements.txt
        FROM python:3.13-slim AS runtime
        RUN groupadd -r appuser && useradd -r -g appuser -u 1000 appuser
        WORKDIR /app
        COPY --from=builder /app/.venv /app/.venv
        COPY --chown=appuser:appuser ./src /app/src
        ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
        USER appuser
        EXPOSE 8000
        HEALTHCHECK --interval=30s --timeout=3s --start-period=40s --retries=3 \\
            CMD ["python", "-c", "import requests; requests.get('http://localhost:8000/health/live')"]
        CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
        """

    @Test("A Dockerfile written by hand as seed 000 has it meets contract openai")
    func seed000() throws {
        let findings = DockerfileCheck(try Dockerfile(parsing: Self.asDescribed), against: .of(.openai, .backend))
        #expect(findings.findings() == [])
    }

    @Test("What seed 004 describes is told of: it runs as root, and its health check's curl is not in the image")
    func seed004() throws {
        let image = ImageContract.of(.cohere, .backend)
        let text = image.dockerfile
            .replacingAll("USER 1000:1000\n", with: "")
            .replacingAll("[\"python\", \"-c\", \"import urllib.request; urllib.request.urlopen(", with: "curl -f ")
        let findings = DockerfileCheck(try Dockerfile(parsing: text), against: image).findings()
        #expect(Set(findings.map(\.rule)) == [.nonRootUser, .healthCheckProgram])
        #expect(findings.allSatisfy { $0.level == .warning })
    }
}
