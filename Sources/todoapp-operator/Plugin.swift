internal import CurlTransport
internal import FoundationEssentials
internal import KubectlTodoApp
internal import KubernetesClient
internal import UnixSignals

/// Runs the program as `kubectl todoapp`, and ends the process.
func runPlugin() async -> Never {
    let surroundings = PluginSurroundings(
        connect: { kubeconfig, context in
            let (connection, client) = try connect(
                kubeconfig: kubeconfig,
                context: context,
                program: KubectlTodoApp.programName
            )
            return PluginSurroundings.Connection(client: client, namespace: connection.namespace)
        },
        write: { StandardOutput.write($0) },
        writeError: { StandardError.write($0) },
        terminal: { StandardOutput.terminal },
        environment: ProcessInfo.processInfo.environment,
        now: { Date().timeIntervalSince1970 },
        sleep: { try await Task.sleep(for: $0, clock: .continuous) },
        interrupted: {
            for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
        }
    )
    Process.exit(with: await KubectlTodoApp.run(Array(CommandLine.arguments.dropFirst()), in: surroundings))
}
