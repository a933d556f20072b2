/// Everything that a Dockerfile or an image is checked for.
///
/// The raw values are the names that users see.
public enum ImageRule: String, Sendable, Hashable, CaseIterable {
    // What is built upon.
    case baseImage = "base-image"
    case baseTag = "base-tag"
    case multiStage = "multi-stage"
    // How it is built.
    case installer
    case cacheOrder = "cache-order"
    case buildTools = "build-tools"
    case packageCache = "package-cache"
    case remoteAdd = "remote-add"
    // Secrets.
    case secretInEnvironment = "secret-in-env"
    case secretInArgument = "secret-in-arg"
    case secretInText = "secret-in-text"
    case secretFile = "secret-file"
    case secretContent = "secret-content"
    case canary
    // What runs.
    case nonRootUser = "non-root-user"
    case userID = "user-id"
    case workingDirectory = "working-directory"
    case port
    case command
    case commandForm = "command-form"
    case environment
    case healthCheck = "health-check"
    case healthCheckTarget = "health-check-target"
    case healthCheckTiming = "health-check-timing"
    case healthCheckProgram = "health-check-program"
    case labels
    // What lies in it.
    case imageSize = "image-size"
    case layerCount = "layer-count"
    case ignoredFile = "ignored-file"

    /// What is checked.
    public enum Subject: Sendable, Hashable {
        /// `check-dockerfile`.
        case dockerfile
        /// `check-image`.
        case image
    }

    /// Where the rule can be judged.
    public var subjects: Set<Subject> {
        switch self {
        case .baseImage, .baseTag, .multiStage, .installer, .cacheOrder, .packageCache, .remoteAdd, .healthCheckProgram:
            [.dockerfile]
        case .secretContent, .canary, .imageSize, .layerCount, .ignoredFile:
            [.image]
        default:
            [.dockerfile, .image]
        }
    }

    /// How grave it is, where the contract does not say otherwise.
    public var level: Finding.Level {
        switch self {
        case .packageCache, .remoteAdd, .healthCheckProgram, .layerCount, .ignoredFile: .warning
        default: .error
        }
    }

    /// What must be, in one sentence.
    public var summary: String {
        switch self {
        case .baseImage: "the last stage stands on the contract's base image"
        case .baseTag: "every base image has a version, and none is latest"
        case .multiStage: "what builds and what runs are stages of their own"
        case .installer: "dependencies come by the contract's way: uv, pip or npm, with pinned versions"
        case .cacheOrder: "dependencies are installed before the sources are copied"
        case .buildTools: "no compiler and no package builder is in what runs"
        case .packageCache: "what a package manager has fetched is gone by the end of its RUN"
        case .remoteAdd: "ADD fetches nothing from the network"
        case .secretInEnvironment: "no variable of the image holds a secret"
        case .secretInArgument: "no build argument holds a secret"
        case .secretInText: "no credential stands in an instruction"
        case .secretFile: "no file that holds secrets by its name is in any layer, deleted ones among them"
        case .secretContent: "no private key and no service's key is in any layer"
        case .canary: "no text that --canary names is in any layer or in the configuration"
        case .nonRootUser: "the image names a user that is not root"
        case .userID: "the user and the group have the contract's numbers"
        case .workingDirectory: "the container starts in /app"
        case .port: "the contract's port is exposed, and no other"
        case .command: "the container runs the contract's command"
        case .commandForm: "the command is a list, so that SIGTERM reaches the app and not a shell"
        case .environment: "the contract's variables are set in the image"
        case .healthCheck: "there is a health check where the contract has one"
        case .healthCheckTarget: "the health check asks the contract's port and path"
        case .healthCheckTiming: "interval, timeout, start period and retries are the contract's"
        case .healthCheckProgram: "the health check's program is in the base image"
        case .labels: "the labels that the contract asks for are there"
        case .imageSize: "the image is no larger than the contract allows"
        case .layerCount: "the image has no more layers than the contract allows"
        case .ignoredFile: "nothing that the ignore file names is among the sources"
        }
    }
}

extension ImageRule {
    /// The rules as a Markdown table, which `docs/image-contracts.md` holds.
    public static var table: String {
        var text = "| rule | Dockerfile | image | level | what must be |\n|---|---|---|---|---|\n"
        for rule in Self.allCases {
            let marks = [Subject.dockerfile, .image].map { rule.subjects.contains($0) ? "x" : "" }
            text += "| `\(rule.rawValue)` | \(marks[0]) | \(marks[1]) | \(rule.level.rawValue) | \(rule.summary) |\n"
        }
        return text
    }
}
