internal import TodoAppAPI
internal import TodoAppOperator

extension ImageContract {
    /// The Dockerfile that the contract describes.
    ///
    /// Dependencies come before sources, what builds stays in the first stage, and what a reader may want to change is told
    /// in comments. The same contract gives the same text.
    public var dockerfile: String {
        let sections = [self.introductionLines, self.firstStageLines, self.lastStageLines, self.interfaceLines]
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    // MARK: - What it is

    private var introductionLines: [String] {
        let name = self.runtime.imageName.value
        var lines = [
            "# \(name): the \(self.component.rawValue) of contract \"\(self.contract.rawValue)\" (\(self.seed.text)).",
            "# Made by: todoapp-operator dockerfile --contract \(self.contract.rawValue) "
                + "--component \(self.component.rawValue)",
            "# Build:   docker build --build-arg VERSION=1.0.0 --tag \(name):1.0.0 .",
        ]
        if self.component == .backend {
            lines.append(
                "# Run:     docker run --env-file secrets.env --publish \(self.port):\(self.port) \(name):1.0.0"
            )
        } else {
            lines.append("# Run:     docker run --publish \(self.port):\(self.port) \(name):1.0.0")
        }
        if let limit = self.runtime.imageSizeLimit.value {
            lines.append(
                "# Size:    \(limit.megabytes) MB at most\(limit.excludesBase ? " beyond the base image" : "")"
            )
        }
        if !self.secretVariables.isEmpty {
            lines += [
                "#",
                "# Kubernetes sets these when the container starts; none of them belongs into ENV, ARG or a file here:",
                "#   " + self.secretVariables.joined(separator: ", "),
            ]
        }
        let notes = self.remarks + self.adaptations
        if !notes.isEmpty { lines += ["#"] + notes.map { "# - \($0)" } }
        return lines
    }

    /// How to make it another app's, which seed 003 asks for.
    private var adaptations: [String] {
        guard self.contract == .fastapi, self.component == .backend else { return [] }
        return [
            "for another app: --app names module and variable, --source what is copied, --port and --health-path what it "
                + "serves,\n#   --user whom it runs as, --base another Python, --build-package a compiler where a wheel is missing",
            "it stands on uv.lock: make it with \"uv lock\" and keep it beside pyproject.toml",
        ]
    }

    // MARK: - What builds

    private var firstStageLines: [String] {
        var lines = [
            "# 1. What builds; nothing of it runs.",
            "FROM \(self.base.value.reference) AS builder",
        ]
        if !self.buildPackages.value.isEmpty {
            lines += ["# For dependencies that come as sources."] + self.buildPackagesLines
        }
        if self.installer.value.isUV { lines += ["RUN pip install --no-cache-dir uv"] }
        lines += [
            "WORKDIR \(Self.workingDirectory)",
            "# Dependencies before sources: a change of the sources installs nothing anew.",
            "COPY \(self.installer.value.manifests.joined(separator: " ")) ./",
        ]
        return lines + self.installLines
    }

    private var buildPackagesLines: [String] {
        let packages = self.buildPackages.value.joined(separator: " ")
        switch self.base.value.family {
        case .alpine: return ["RUN apk add --no-cache \(packages)"]
        case .debian:
            return [
                "RUN apt-get update \\",
                "    && apt-get install --yes --no-install-recommends \(packages) \\",
                "    && rm -rf /var/lib/apt/lists/*",
            ]
        }
    }

    private var installLines: [String] {
        switch self.installer.value {
        case .uvPip:
            [
                "RUN uv venv /app/.venv \\",
                "    && uv pip install --no-cache --python /app/.venv/bin/python --requirement requirements.txt",
            ]
        case .uvSync:
            [
                "# The interpreter is the base image's, which the last stage has too.",
                "ENV UV_PYTHON_DOWNLOADS=never",
                "RUN uv sync --frozen --no-install-project --no-dev --no-cache",
            ]
        case .pipVenv:
            [
                "# pip itself stays outside the environment.",
                "RUN python -m venv --without-pip /app/.venv \\",
                "    && pip --python /app/.venv/bin/python install --no-cache-dir --requirement requirements.txt",
            ]
        case .pipUser:
            ["RUN pip install --no-cache-dir --user --requirement requirements.txt"]
        case .npm:
            [
                "RUN npm ci",
                "COPY . .",
                "# What Next.js leaves beside its standalone output belongs to it.",
                "RUN npm run build \\",
                "    && mkdir -p public .next/static .next/standalone/.next \\",
                "    && cp -R public .next/standalone/ \\",
                "    && cp -R .next/static .next/standalone/.next/",
            ]
        }
    }

    // MARK: - What runs

    private var lastStageLines: [String] {
        [
            "# 2. What runs: the base image, the dependencies, the app.",
            "FROM \(self.base.value.reference) AS \(self.lastStage.value)",
        ] + self.userLines + ["WORKDIR \(Self.workingDirectory)"] + self.environmentLines + self.copyLines
    }

    private var userLines: [String] {
        let (name, user) = (self.userName.value, self.user.value)
        switch self.base.value.family {
        case .alpine:
            return [
                "RUN addgroup -S -g \(user.gid) \(name) \\",
                "    && adduser -S -D -H -h \(Self.workingDirectory) -u \(user.uid) -G \(name) \(name)",
            ]
        case .debian:
            let home = self.installer.value == .pipUser ? "/home/\(name)" : Self.workingDirectory
            return [
                "RUN groupadd --gid \(user.gid) \(name) \\",
                "    && useradd --uid \(user.uid) --gid \(user.gid) --no-create-home --home-dir \(home) "
                    + "--shell /usr/sbin/nologin \(name)",
            ]
        }
    }

    private var environmentLines: [String] {
        let variables = self.environment.value.map { "\($0.name)=\($0.value)" }
        guard let first = variables.first else { return [] }
        return ["ENV " + ([first] + variables.dropFirst().map { "    \($0)" }).joined(separator: " \\\n")]
    }

    private var copyLines: [String] {
        let owner = self.user.value.text
        switch self.installer.value {
        case .npm:
            return ["COPY --from=builder --chown=\(owner) /app/.next/standalone ./"]
        case .pipUser:
            return ["COPY --from=builder /root/.local /home/\(self.userName.value)/.local"] + self.sourceLines
        case .uvPip, .uvSync, .pipVenv:
            return ["COPY --from=builder /app/.venv /app/.venv"] + self.sourceLines
        }
    }

    /// A file goes into the folder, a folder becomes one of its own: COPY takes only what is in it.
    private var sourceLines: [String] {
        self.sources.value.map { source in
            let isFile = source.path.programName.dropFirst().contains(".")
            return
                "COPY --chown=\(self.user.value.text) \(source.path) ./\(isFile || source.path == "." ? "" : source.target)"
        }
    }

    // MARK: - What others see of it

    private var interfaceLines: [String] {
        var lines = [
            "# A change of the version makes nothing above anew.",
            "ARG VERSION=0.0.0",
            "LABEL " + self.labelLines.joined(separator: " \\\n    "),
            "# Numbers: Kubernetes cannot tell from a name that the user is not root.",
            "USER \(self.user.value.text)",
            "EXPOSE \(self.port)",
        ]
        if let check = self.healthCheck.value {
            let url = "http://127.0.0.1:\(self.port)\(check.path)"
            lines += [
                "# Docker's own; Kubernetes has probes instead.",
                "HEALTHCHECK --interval=\(check.interval)s --timeout=\(check.timeout)s "
                    + "--start-period=\(check.startPeriod)s --retries=\(check.retries) \\",
                "    CMD [\"python\", \"-c\", \"import urllib.request; urllib.request.urlopen('\(url)')\"]",
            ]
        }
        let command = self.command.value.map { "\"\($0)\"" }.joined(separator: ", ")
        return lines + ["# A list, not a text: SIGTERM reaches the app and not a shell.", "CMD [\(command)]"]
    }

    private var labelLines: [String] {
        var labels: [String] = []
        if self.labels.value.contains("maintainer") { labels.append("maintainer=\"Todo App Team\"") }
        if self.labels.value.contains("version") { labels.append("version=\"${VERSION}\"") }
        return labels + [
            "org.opencontainers.image.title=\"\(self.runtime.imageName.value)\"",
            "org.opencontainers.image.version=\"${VERSION}\"",
        ]
    }
}
