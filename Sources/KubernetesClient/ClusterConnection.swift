public import CurlTransport
public import HTTPTransport

/// Where a cluster is and who we are there: what a kubeconfig or a pod's own files come to.
public struct ClusterConnection: Sendable {
    /// What the connection was read from, for messages: a file's path, or `the pod's ServiceAccount`.
    public var origin: String
    /// The part of ``origin`` that describes the cluster, for example `clusters[0].cluster`; empty where there is none.
    public var clusterField: String
    /// The network's side of it: server, trust, client certificate, proxy.
    public var transport: CurlTransport.Configuration
    /// What each request shows.
    public var credential: any Credential
    /// The namespace that is meant where none is named.
    public var namespace: String
    /// Where certificates are read anew from.
    var files = TransportFiles()
    /// Who brings the client certificate, where it is no file.
    var certificates: (any ClientCertificateSource)?

    /// A connection by its parts.
    public init(
        origin: String,
        clusterField: String = "",
        transport: CurlTransport.Configuration,
        credential: any Credential,
        namespace: String
    ) {
        self.origin = origin
        self.clusterField = clusterField
        self.transport = transport
        self.credential = credential
        self.namespace = namespace
    }

    /// A transport to the cluster: its certificates follow the files and plugins that they come from.
    ///
    /// - Throws: `HTTPTransportError.invalidRequest` where the connection's data cannot be used.
    public func makeTransport() throws(HTTPTransportError) -> any HTTPTransport {
        try RotatingTransport(configuration: self.transport, files: self.files, certificates: self.certificates)
    }

    /// Why the cluster cannot be talked to, in one line that names the file and the field to look at.
    public func explanation(of error: KubernetesClientError) -> String {
        // It names its own place.
        if case .credential(let why) = error.cause { return why }
        let member =
            if case .transport(.certificateNotTrusted) = error.cause { "certificate-authority" } else { "server" }
        let field = self.clusterField.isEmpty ? "" : "\(self.clusterField).\(member): "
        return "\(self.origin): \(field)\(self.transport.server): \(error.cause)"
    }

    /// Where a connection is looked for.
    public enum Source: Sendable, Equatable {
        /// A kubeconfig that was named by a flag: nothing else will do.
        case file(String)
        /// As kubectl does: `KUBECONFIG`, then the pod's own files, then `~/.kube/config`.
        case environment
    }

    /// Finds the connection.
    ///
    /// - Parameters:
    ///   - source: Where to look.
    ///   - context: The context of the kubeconfig; `nil` for its current one.
    ///   - environment: The process's environment.
    /// - Throws: ``ClusterConnectionError``, which names the file and the field.
    public static func find(
        _ source: Source,
        context: String?,
        environment: [String: String]
    ) throws(ClusterConnectionError) -> ClusterConnection {
        switch source {
        case .file(let path):
            return try Kubeconfig.read([path]).connection(context: context)
        case .environment:
            if let list = environment["KUBECONFIG"], !list.isEmpty {
                let paths = list.split(separator: ":").map(String.init)
                return try Kubeconfig.read(paths, skipMissing: true).connection(context: context)
            }
            if context == nil, let inCluster = try InClusterConfiguration(environment: environment) {
                return try inCluster.connection()
            }
            guard let home = environment["HOME"], !home.isEmpty else { throw .nothingFound }
            let path = "\(home)/.kube/config"
            do throws(ClusterConnectionError) {
                return try Kubeconfig.read([path]).connection(context: context)
            } catch {
                if case .fileUnreadable(path, "no such file") = error { throw .nothingFound }
                throw error
            }
        }
    }
}

/// Why there is no connection to a cluster; each case is one line that names the file and the field.
public enum ClusterConnectionError: Error, Sendable, Equatable {
    /// Neither a kubeconfig nor a pod's own files.
    case nothingFound
    /// None of the files named in `KUBECONFIG` exists.
    case noSuchFiles([String])
    /// A file cannot be read.
    case fileUnreadable(path: String, why: String)
    /// A file is no YAML, or not a kubeconfig.
    case malformed(path: String, why: String)
    /// No context was named, and the files have no current one.
    case noCurrentContext(files: [String])
    /// The context named is in none of the files.
    case noSuchContext(String, known: [String], files: [String])
    /// A context names a cluster or a user that is in none of the files.
    case danglingReference(path: String, field: String, missing: String)
    /// A field of a file holds something that cannot be used.
    case invalidField(path: String, field: String, rule: String)
}

extension ClusterConnectionError: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        self.text.onOneLine
    }

    private var text: String {
        switch self {
        case .nothingFound:
            "no cluster is configured: set KUBECONFIG, write ~/.kube/config, or run in a pod"
        case .noSuchFiles(let paths):
            "KUBECONFIG: no such file: \(paths.joined(separator: ", "))"
        case .fileUnreadable(let path, let why):
            "\(path): \(why)"
        case .malformed(let path, let why):
            "\(path): \(why)"
        case .noCurrentContext(let files):
            "\(files.joined(separator: ", ")): current-context: it is not set; name one with --context"
        case .noSuchContext(let name, let known, let files):
            "\(files.joined(separator: ", ")): contexts: there is none called \"\(name)\""
                + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
        case .danglingReference(let path, let field, let missing):
            "\(path): \(field): there is no \"\(missing)\""
        case .invalidField(let path, let field, let rule):
            "\(path): \(field): \(rule)"
        }
    }
}
