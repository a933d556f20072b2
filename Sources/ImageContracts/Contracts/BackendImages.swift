public import TodoAppAPI
internal import TodoAppOperator

// The backends' images, one value per contract. What a seed says that cannot work is told in its remarks, and so in the
// Dockerfile that is made.

extension ImageContract {
    /// What an image of this contract and component must be.
    public static func of(_ contract: ContractName, _ component: ComponentName) -> ImageContract {
        if component == .frontend { return Self.frontend(of: contract) }
        switch contract {
        case .openai: return Self.openai
        case .groq: return Self.groq
        case .taskflow: return Self.taskflow
        case .fastapi: return Self.fastapi
        case .cohere: return Self.cohere
        }
    }

    private static let openai = ImageContract(
        contract: .openai,
        component: .backend,
        runtime: Contract.named(.openai).backend,
        base: .seed(0, BaseImage("python:3.13-slim")),
        lastStage: .seed(0, "runtime"),
        installer: .seed(0, .uvPip),
        buildPackages: SilentImage.noBuildPackages,
        userName: .seed(0, "appuser"),
        user: .seed(0, NumericUser(uid: 1000)),
        userDemand: .numbers,
        sources: .seed(0, [SourceFile("src")]),
        environment: .seed(0, [.environmentPath, .unbuffered, .noBytecode, .sourceFolder]),
        healthCheck: .seed(0, SilentImage.healthCheck(path: "/health/live")),
        command: .seed(0, uvicorn("app.main:app", port: 8000)),
        otherCommands: SilentImage.noOtherCommands,
        labels: SilentImage.noLabels,
        layerLimit: .seed(0, 10),
        ignored: .seed(0, ignoredByOpenAI),
        remarks: [
            "uv stays in the builder's system: \"uv venv\" puts no uv into the environment that it makes",
            "the app is imported from src, where the seed copies it: PYTHONPATH says so",
            "the health check asks by Python's own urllib: the seed's requests may not be installed",
        ]
    )

    private static let groq = ImageContract(
        contract: .groq,
        component: .backend,
        runtime: Contract.named(.groq).backend,
        base: .seed(1, BaseImage("python:3.13-alpine")),
        lastStage: SilentImage.lastStage,
        installer: .silent(.pipVenv, "pip is in the base image"),
        buildPackages: SilentImage.noBuildPackages,
        userName: .seed(1, "appuser"),
        user: .seed(1, NumericUser(uid: 1001, gid: 1001)),
        userDemand: .numbers,
        sources: SilentImage.sources,
        environment: SilentImage.environment,
        healthCheck: .seed(1, SilentImage.healthCheck(path: "/health")),
        command: .silent(uvicorn("app.main:app", port: 8001), "Uvicorn at the seed's port, the module as in seed 000"),
        otherCommands: .silent([uvicorn("main:app", port: 8001)], "the seed does not name the module"),
        labels: SilentImage.noLabels,
        layerLimit: SilentImage.noLayerLimit,
        ignored: SilentImage.ignored,
        remarks: [
            "a dependency without a wheel for musl needs a compiler in the builder: apk add --no-cache gcc musl-dev"
        ]
    )

    private static let taskflow = ImageContract(
        contract: .taskflow,
        component: .backend,
        runtime: Contract.named(.taskflow).backend,
        base: .seed(2, BaseImage("python:3.13-slim")),
        lastStage: .seed(2, "runner"),
        installer: .seed(2, .pipUser),
        buildPackages: .seed(2, ["gcc", "libc6-dev"]),
        userName: .seed(2, "appuser"),
        user: .seed(2, NumericUser(uid: 1000)),
        userDemand: .numbers,
        sources: SilentImage.sources,
        environment: .silent([.userPath, .userBase, .unbuffered, .noBytecode], "as seeds 000 and 004"),
        healthCheck: .silent(
            SilentImage.healthCheck(path: "/health"),
            "the path is the seed's, the timings are seed 000's"
        ),
        command: .seed(2, uvicorn("main:app", port: 8000)),
        otherCommands: SilentImage.noOtherCommands,
        labels: SilentImage.noLabels,
        layerLimit: SilentImage.noLayerLimit,
        ignored: .seed(2, ignoredByTaskflow),
        remarks: ["the user is made with useradd: adduser -S, as the seed has it, is Alpine's"]
    )

    private static let fastapi = ImageContract(
        contract: .fastapi,
        component: .backend,
        runtime: Contract.named(.fastapi).backend,
        base: .seed(3, BaseImage("python:3.13-slim")),
        lastStage: .seed(3, "final"),
        installer: .seed(3, .uvSync),
        buildPackages: SilentImage.noBuildPackages,
        userName: .silent("appuser", "as in the other seeds"),
        user: .silent(NumericUser(uid: 1000), "not root; the seed leaves the id open"),
        userDemand: .nonRoot,
        sources: SilentImage.sources,
        environment: SilentImage.environment,
        healthCheck: .seed(3, SilentImage.healthCheck(path: "/health", isPathDemanded: false)),
        command: .seed(3, uvicorn("main:app", port: 8000) + ["--workers", "1"]),
        otherCommands: SilentImage.noOtherCommands,
        labels: .seed(3, ["maintainer", "version"]),
        layerLimit: SilentImage.noLayerLimit,
        ignored: SilentImage.ignored,
        remarks: ["one worker in each pod: replicas do the scaling; --reload is for a developer's own machine"],
        leavesModuleOpen: true
    )

    private static let cohere = ImageContract(
        contract: .cohere,
        component: .backend,
        runtime: Contract.named(.cohere).backend,
        base: .seed(4, BaseImage("python:3.11-slim")),
        lastStage: SilentImage.lastStage,
        installer: .seed(4, .pipUser),
        buildPackages: .seed(4, ["build-essential"]),
        userName: .silent("appuser", "as in the other seeds"),
        user: .silent(NumericUser(uid: 1000), "the seed's image runs as root, which ContractMet would tell of"),
        userDemand: .nothing,
        sources: .seed(4, [SourceFile("app"), SourceFile("main.py")]),
        environment: .silent(
            [.userPath, .userBase, .unbuffered, .noBytecode],
            "PATH is the seed's; the rest is 000's"
        ),
        healthCheck: .seed(
            4,
            ImageHealthCheck(path: "/health", interval: 30, timeout: 10, startPeriod: 5, retries: 3)
        ),
        command: .seed(4, uvicorn("app.main:app", port: 8000)),
        otherCommands: SilentImage.noOtherCommands,
        labels: SilentImage.noLabels,
        layerLimit: SilentImage.noLayerLimit,
        ignored: SilentImage.ignored,
        remarks: [
            "the seed's image runs as root, from /root/.local; this one has a user, and the packages lie in its folder",
            "the health check asks by Python: slim images have no curl, so the seed's own check never succeeds",
        ]
    )
}

/// What holds where a contract's own seed says nothing.
private enum SilentImage {
    static let noBuildPackages = Figure<[String]>.silent([], "wheels are there for what a FastAPI app needs")
    static let noOtherCommands = Figure<[[String]]>.silent([], "the seed names one command")
    static let noLabels = Figure<[String]>.silent([], "no label is asked for")
    static let noLayerLimit = Figure<Int?>.silent(nil, "nothing to judge by")
    static let lastStage = Figure.silent("runtime", "as in seed 000")
    static let sources = Figure.silent([SourceFile("app"), SourceFile("main.py")], "as in seed 004")
    static let environment = Figure.silent(
        [EnvironmentVariable.environmentPath, .unbuffered, .noBytecode],
        "as in seed 000"
    )
    static let ignored = Figure.silent(ignoredByOpenAI, "as in seed 000")

    /// The timings of seeds 000 and 001.
    static func healthCheck(path: String, isPathDemanded: Bool = true) -> ImageHealthCheck {
        ImageHealthCheck(
            path: path,
            isPathDemanded: isPathDemanded,
            interval: 30,
            timeout: 3,
            startPeriod: 40,
            retries: 3
        )
    }
}

private func uvicorn(_ app: String, port: Int) -> [String] {
    ["uvicorn", app, "--host", "0.0.0.0", "--port", "\(port)"]
}

extension EnvironmentVariable {
    fileprivate static let environmentPath = EnvironmentVariable("PATH", "/app/.venv/bin:$PATH")
    fileprivate static let userPath = EnvironmentVariable("PATH", "/home/appuser/.local/bin:$PATH", isDemanded: false)
    fileprivate static let userBase = EnvironmentVariable("PYTHONUSERBASE", "/home/appuser/.local", isDemanded: false)
    fileprivate static let sourceFolder = EnvironmentVariable("PYTHONPATH", "/app/src", isDemanded: false)
    fileprivate static let unbuffered = EnvironmentVariable("PYTHONUNBUFFERED", "1")
    fileprivate static let noBytecode = EnvironmentVariable("PYTHONDONTWRITEBYTECODE", "1")
}

private let ignoredByOpenAI = [
    ".git", ".env", ".env.*", "__pycache__", "*.pyc", "*.pyo", "*.pyd", ".pytest_cache", ".coverage", "htmlcov/",
    "dist/",
    "build/", "*.egg-info/", "tests/", "docs/", ".vscode/", ".idea/", "*.md", ".gitignore", "Dockerfile",
    ".dockerignore",
]

private let ignoredByTaskflow = [
    "__pycache__", "*.pyc", "*.pyo", ".venv", "venv", ".git", ".env*", "tests/", "*.md", ".pytest_cache",
]
