internal import CurlTransport

@testable internal import KubernetesClient

/// One kubeconfig, or several with a zero byte between them: each context comes to a connection or to one line.
enum KubeconfigFuzz {
    static func take(_ bytes: [UInt8]) -> Int32 {
        do throws(ClusterConnectionError) {
            var kubeconfig = Kubeconfig(files: ["/fuzz/config"])
            for file in bytes.split(separator: 0) {
                try kubeconfig.merge(path: "/fuzz/config", bytes: Array(file))
            }
            self.connect(kubeconfig, context: nil)
            for context in kubeconfig.contexts.keys {
                self.connect(kubeconfig, context: context)
            }
        } catch {
            requireOneLine("\(error)")
        }
        return 0
    }

    private static func connect(_ kubeconfig: Kubeconfig, context: String?) {
        do throws(ClusterConnectionError) {
            let connection = try kubeconfig.connection(context: context)
            require(connection.transport.server.hasPrefix("http"), "a connection leads to a server")
        } catch {
            requireOneLine("\(error)")
        }
    }
}
