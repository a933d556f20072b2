internal import CurlTransport
internal import JSON

extension Kubeconfig {
    /// What a context comes to.
    ///
    /// - Parameter context: Its name; `nil` for the current one.
    public func connection(context: String?) throws(ClusterConnectionError) -> ClusterConnection {
        let name = context ?? self.currentContext
        guard !name.isEmpty else { throw .noCurrentContext(files: self.files) }
        guard let chosen = self.contexts[name] else {
            throw .noSuchContext(name, known: self.contexts.keys.sorted(), files: self.files)
        }
        let cluster = try self.entry("cluster", of: chosen, among: self.clusters)
        // A context without a user is nobody; that is legal.
        let user = try chosen.string("user").isEmpty ? nil : self.entry("user", of: chosen, among: self.users)
        let namespace = try chosen.string("namespace")
        let own = try user?.ownCredential(cluster: cluster) ?? NoCredential()
        var connection = ClusterConnection(
            origin: cluster.file,
            clusterField: cluster.field,
            transport: try cluster.transport(user: user),
            credential: try user?.impersonating(own) ?? own,
            namespace: namespace.isEmpty ? "default" : namespace
        )
        connection.files = TransportFiles(
            authority: try cluster.rotatedFile("certificate-authority"),
            clientCertificate: try user?.rotatedFile("client-certificate"),
            clientKey: try user?.rotatedFile("client-key")
        )
        connection.certificates = own as? any ClientCertificateSource
        return connection
    }

    private func entry(
        _ member: String,
        of context: Entry,
        among entries: [String: Entry]
    ) throws(ClusterConnectionError) -> Entry {
        let name = try context.string(member)
        guard !name.isEmpty else { throw context.invalid(member, "must be the name of a \(member)") }
        guard let entry = entries[name] else {
            throw .danglingReference(path: context.file, field: "\(context.field).\(member)", missing: name)
        }
        return entry
    }
}

// MARK: - A cluster and a user

extension Kubeconfig.Entry {
    fileprivate func transport(user: Kubeconfig.Entry?) throws(ClusterConnectionError) -> CurlTransport.Configuration {
        let server = try self.string("server")
        guard server.hasPrefix("https://") || server.hasPrefix("http://") else {
            throw self.invalid("server", "must be a URL that begins with https://")
        }
        let proxy = try self.string("proxy-url")
        let serverName = try self.string("tls-server-name")
        var configuration = CurlTransport.Configuration(server: server)
        configuration.trust = try self.trust()
        configuration.clientCertificate = try user?.clientCertificate()
        configuration.tlsServerName = serverName.isEmpty ? nil : serverName
        configuration.proxyURL = proxy.isEmpty ? nil : proxy
        return configuration
    }

    private func trust() throws(ClusterConnectionError) -> CurlTransport.Configuration.Trust {
        let authority = try self.bytes("certificate-authority")
        guard try self.bool("insecure-skip-tls-verify") else {
            return authority.map { .certificates(pem: $0) } ?? .system
        }
        guard authority == nil else {
            throw self.invalid("insecure-skip-tls-verify", "must not be true beside a certificate-authority")
        }
        return .insecure
    }

    private func clientCertificate() throws(ClusterConnectionError) -> CurlTransport.Configuration.ClientCertificate? {
        switch (try self.bytes("client-certificate"), try self.bytes("client-key")) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            return CurlTransport.Configuration.ClientCertificate(certificate: certificate, key: key)
        case (_?, nil): throw self.invalid("client-key", "is missing beside a client-certificate")
        case (nil, _?): throw self.invalid("client-certificate", "is missing beside a client-key")
        }
    }

    /// The credential, or one that acts with its rights for the one whom the kubeconfig names.
    fileprivate func impersonating(_ own: any Credential) throws(ClusterConnectionError) -> any Credential {
        let user = try self.string("as")
        guard !user.isEmpty else {
            // Dropped silently, it would let us act with our own rights, which may be larger.
            for member in ["as-uid", "as-groups", "as-user-extra"] where self.value[member]?.isNull == false {
                throw self.invalid("as", "is missing beside \(member)")
            }
            return own
        }
        var extra: [String: [String]] = [:]
        for member in self.value["as-user-extra"]?.object ?? JSONObject() {
            extra[member.key] = (member.value.array ?? []).compactMap(\.string)
        }
        return ImpersonatingCredential(
            own: own,
            user: user,
            uid: try self.string("as-uid"),
            groups: try self.strings("as-groups"),
            extra: extra
        )
    }

    fileprivate func ownCredential(cluster: Kubeconfig.Entry) throws(ClusterConnectionError) -> any Credential {
        // The file wins over the token beside it, as with kubectl: it is the one that is kept fresh.
        if let path = try self.path("tokenFile") {
            return TokenFileCredential(path: path)
        }
        let token = try self.string("token")
        if !token.isEmpty {
            return FixedCredential(token: token)
        }
        let username = try self.string("username")
        if !username.isEmpty {
            return FixedCredential(username: username, password: try self.string("password"))
        }
        if let plugin = try self.execPlugin(cluster: cluster) {
            return ExecCredential(plugin)
        }
        if self.value["auth-provider"]?.isNull == false {
            throw self.invalid(
                "auth-provider",
                "is no longer part of Kubernetes since 1.26; use exec, a token or a certificate"
            )
        }
        return NoCredential()
    }
}
