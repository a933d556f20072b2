public import TodoAppAPI
public import TodoAppOperator

/// What one image of a contract must be: the part of a contract that concerns whoever builds the image.
///
/// Port, user, health path, size and keys are those that the operator goes by (``TodoAppOperator/ComponentContract``); what
/// stands beside them concerns the Dockerfile alone. Each figure carries the seed that it comes from.
public struct ImageContract: Sendable, Hashable {
    /// The contract's name.
    public let contract: ContractName
    /// The component's name.
    public let component: ComponentName
    /// What the operator goes by.
    public var runtime: ComponentContract
    /// The image that both stages stand on.
    public var base: Figure<BaseImage>
    /// The last stage's name.
    public var lastStage: Figure<String>
    /// How dependencies get into the image.
    public var installer: Figure<Installer>
    /// Packages of the distribution that the first stage compiles with.
    public var buildPackages: Figure<[String]>
    /// The user's name in the image; its number is the operator's business too.
    public var userName: Figure<String>
    /// The user that the image must name.
    ///
    /// The operator leaves it to the image where the contract says nothing of it.
    public var user: Figure<NumericUser>
    /// How much of the user the contract lays down.
    public var userDemand: UserDemand
    /// The files and folders of the build context that hold the app, and where each of them goes.
    public var sources: Figure<[SourceFile]>
    /// Variables that the image itself sets.
    public var environment: Figure<[EnvironmentVariable]>
    /// The image's own health check; `nil` where it needs none.
    public var healthCheck: Figure<ImageHealthCheck?>
    /// What the container runs.
    public var command: Figure<[String]>
    /// Commands that are as good as that.
    public var otherCommands: Figure<[[String]]>
    /// The labels that must be there.
    public var labels: Figure<[String]>
    /// The most layers the image may have; `nil` where nobody says.
    public var layerLimit: Figure<Int?>
    /// What the build context must leave out.
    public var ignored: Figure<[String]>
    /// What whoever reads the Dockerfile should know of the seed.
    public var remarks: [String]
    /// Variables that hold secrets beside those of the contract.
    public var otherSecretVariables: [String] = []
    /// Whether the app's module in ``command`` is only presumed, so that any other will do.
    public var leavesModuleOpen = false

    /// Where the app lies and runs.
    ///
    /// All seeds have it.
    public static let workingDirectory = "/app"

    /// The port the app listens on.
    public var port: Int { self.runtime.port.value }

    /// The variables whose values come from the app's Secret, and which no image may set.
    public var secretVariables: [String] { self.runtime.secretKeys.map(\.variable) + self.otherSecretVariables }

    /// The variables that the contract wants in the image.
    public var demandedEnvironment: [EnvironmentVariable] {
        guard case .seed = self.environment.source else { return [] }
        return self.environment.value.filter(\.isDemanded)
    }

    /// The seed of the contract.
    public var seed: FigureSource { self.base.source }
}

/// How much of an image's user a contract lays down.
public enum UserDemand: String, Sendable, Hashable {
    /// The numbers.
    case numbers
    /// That it is not root.
    case nonRoot
    /// Nothing.
    case nothing
}

/// An image in whose name a version stands.
public struct BaseImage: Sendable, Hashable {
    /// `python:3.13-slim`.
    public var reference: String

    /// What the image is made of: the tools there differ.
    public enum Family: String, Sendable, Hashable {
        /// Debian's: apt, useradd.
        case debian
        /// Alpine's: apk, adduser.
        case alpine
    }

    /// An image of this name.
    public init(_ reference: String) {
        self.reference = reference
    }

    /// By the variant in the tag; what does not call itself Alpine is taken for Debian.
    public var family: Family { self.reference.contains("alpine") ? .alpine : .debian }
}

/// A user and a group as numbers, which Kubernetes can tell from root.
public struct NumericUser: Sendable, Hashable {
    /// The user.
    public var uid: Int
    /// The group.
    public var gid: Int

    /// A user and its group, which has the same number where none is said.
    public init(uid: Int, gid: Int? = nil) {
        self.uid = uid
        self.gid = gid ?? uid
    }

    /// `1001:1001`.
    public var text: String { "\(self.uid):\(self.gid)" }
}

/// How dependencies get into the image.
public enum Installer: Sendable, Hashable {
    /// uv installs the pinned versions of `requirements.txt` into a virtual environment.
    case uvPip
    /// uv installs what `uv.lock` says into a virtual environment.
    case uvSync
    /// pip installs `requirements.txt` into a virtual environment.
    case pipVenv
    /// pip installs `requirements.txt` into a user's folder, which the last stage takes over.
    case pipUser
    /// npm installs what `package-lock.json` says and builds the app.
    case npm

    /// Whether uv is what installs.
    public var isUV: Bool { self == .uvPip || self == .uvSync }

    /// The files that say which dependencies there are; they are copied before everything else.
    public var manifests: [String] {
        switch self {
        case .uvPip, .pipVenv, .pipUser: ["requirements.txt"]
        case .uvSync: ["pyproject.toml", "uv.lock"]
        case .npm: ["package*.json"]
        }
    }
}

/// A file or folder of the build context, and where it goes in the image.
public struct SourceFile: Sendable, Hashable {
    /// Its path in the build context.
    public var path: String
    /// Its path below ``ImageContract/workingDirectory``.
    public var target: String

    /// A file or folder that keeps its path.
    public init(_ path: String) {
        (self.path, self.target) = (path, path)
    }
}

/// A variable that an image sets.
public struct EnvironmentVariable: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value, in which `$PATH` is the base's.
    public var value: String
    /// Whether the contract wants it; what it does not want may be otherwise.
    public var isDemanded: Bool

    /// A variable, which the contract wants where nothing else is said.
    public init(_ name: String, _ value: String, isDemanded: Bool = true) {
        (self.name, self.value, self.isDemanded) = (name, value, isDemanded)
    }
}

/// The health check that an image carries.
///
/// Kubernetes has probes of its own and does not ask it; Docker does.
public struct ImageHealthCheck: Sendable, Hashable {
    /// What is asked by GET.
    public var path: String
    /// Whether the path must be this one: a contract may leave it to the app.
    public var isPathDemanded: Bool
    /// Seconds between two questions.
    public var interval: Int
    /// Seconds that an answer may take.
    public var timeout: Int
    /// Seconds in which failures do not count.
    public var startPeriod: Int
    /// Failures in a row.
    public var retries: Int

    /// A check of a path.
    public init(
        path: String,
        isPathDemanded: Bool = true,
        interval: Int,
        timeout: Int,
        startPeriod: Int,
        retries: Int
    ) {
        (self.path, self.isPathDemanded) = (path, isPathDemanded)
        (self.interval, self.timeout, self.startPeriod, self.retries) = (interval, timeout, startPeriod, retries)
    }
}
