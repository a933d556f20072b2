internal import ArgumentParser
internal import JSON
internal import KubernetesAPI
internal import YAML

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Draws a TodoApp with its components, revisions and pods; without a name, lists all.",
        discussion: """
            \(signs)

            Causes and hints stand below what they are about. Verdicts are the operator's, from the TodoApp's status; what \
            pods do is read from the pods. In a pipe the text is plain, and as long as it is; NO_COLOR and TERM=dumb are \
            respected.

            It exits with 0 whatever state the app is in: to wait for one, use \
            "kubectl wait --for=condition=Ready todoapp/NAME".
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json
        case yaml
    }

    @Argument(help: "The TodoApp's name. Default: all, one a line.")
    var name: String?

    @Flag(name: [.customShort("A"), .long], help: "List the TodoApps of all namespaces.")
    var allNamespaces = false

    @Flag(
        name: .shortAndLong,
        help: "Draw again after each change, until Ctrl-C; in a pipe, print one picture after the other."
    )
    var watch = false

    @Option(name: .shortAndLong, help: "json or yaml: the same picture for programs.")
    var output: Format?

    @Option(help: "auto, always or never.", transform: colorChoice)
    var color = ColorChoice.auto

    @OptionGroup var options: PluginOptions

    func validate() throws {
        if self.name != nil, self.allNamespaces { throw ValidationError("-A lists all TodoApps: leave the name out") }
        if self.watch, self.output != nil { throw ValidationError("--watch draws: leave -o out") }
    }

    func run() async throws {
        try await self.options.withCluster { connection, surroundings in
            let namespace = self.allNamespaces ? nil : connection.namespace
            let picture: Picture
            let watch: AppWatch
            if let name = self.name {
                let key = ObjectKey(namespace: connection.namespace, name: appName(name))
                picture = .tree(TreeNode(of: try await connection.reader.snapshot(key)))
                watch = AppWatch(connection.client, app: key)
            } else {
                picture = .list(AppList(try await connection.reader.apps(in: namespace), of: namespace))
                watch = AppWatch(connection.client, namespace: namespace)
            }
            if self.watch {
                try await PictureWatch(picture, self.color, namespace: namespace, surroundings).run(watch)
                return
            }
            switch self.output {
            case .json: surroundings.write(picture.json.text(.pretty) + "\n")
            case .yaml: surroundings.write(YAML.text(of: picture.json))
            case nil:
                let style = Style(self.color, terminal: surroundings.terminal(), environment: surroundings.environment)
                surroundings.write(picture.lines(style, now: surroundings.now()).joined(separator: "\n") + "\n")
            }
        }
    }
}

private let signs = """
    The sign before a name says how it is: ✔ as it should be, ◌ on its way, ✖ failing, ‖ at rest on purpose (suspended, \
    paused, on its way out).
    """

/// What is drawn: one TodoApp, or the list of all.
enum Picture: Sendable {
    case tree(TreeNode)
    case list(AppList)

    /// The lines of it.
    func lines(_ style: Style, now: Double?) -> [String] {
        switch self {
        case .tree(let node): node.lines(style, now: now)
        case .list(let list): list.lines(style, now: now)
        }
    }

    /// The same for programs.
    var json: JSONValue {
        switch self {
        case .tree(let node): node.json
        case .list(let list): list.json
        }
    }
}
