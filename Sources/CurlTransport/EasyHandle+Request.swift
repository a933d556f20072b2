internal import CCurl
internal import HTTPTransport

extension EasyHandle {
    /// A handle with everything that is the same for all requests.
    static func make(_ settings: ConnectionSettings) throws(HTTPTransportError) -> EasyHandle {
        guard let handle = EasyHandle() else { throw .connectionLost("there is no memory for another transfer") }
        try handle.setErrorText()
        try handle.setCallbacks()
        try handle.setManners(settings)
        try handle.setConnection(settings)
        if settings.isSecure {
            try handle.setSecurity(settings)
        }
        return handle
    }

    /// Has the request open a connection of its own, whatever others are there.
    func demandNewConnection() throws(HTTPTransportError) {
        try self.set(CURLOPT_FRESH_CONNECT, true)
    }

    /// Has its connection closed once the last of those who use it is through with it.
    func condemnConnection() throws(HTTPTransportError) {
        try self.set(CURLOPT_FORBID_REUSE, true)
    }

    /// Makes the handle, which is new or has forgotten the one before, ready for one request.
    func setMessage(_ request: WireRequest) throws(HTTPTransportError) {
        try self.set(CURLOPT_URL, request.url)
        try self.set(CURLOPT_HTTPHEADER, lines: request.headerLines)
        if let body = request.body {
            try self.setBody(body)
        } else if request.method == "HEAD" {
            try self.set(CURLOPT_NOBODY, true)
        }
        try self.set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setManners(_ settings: ConnectionSettings) throws(HTTPTransportError) {
        try self.set(CURLOPT_PATH_AS_IS, true)
        try self.set(CURLOPT_USERAGENT, settings.userAgent)
        try self.set(CURLOPT_FOLLOWLOCATION, false)
        // The reader gets the bytes as they were sent.
        try self.set(CURLOPT_HTTP_CONTENT_DECODING, false)
        try self.set(CURLOPT_HTTP_TRANSFER_DECODING, true)
    }

    private func setConnection(_ settings: ConnectionSettings) throws(HTTPTransportError) {
        try self.set(CURLOPT_PROTOCOLS_STR, settings.isSecure ? "https" : "http")
        // Signals belong to the process, not to a library's timeouts.
        try self.set(CURLOPT_NOSIGNAL, true)
        // Without it, ending a transfer that looks up a host waits for the resolver, and with it everybody else.
        try self.set(CURLOPT_QUICK_EXIT, true)
        try self.set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.wholeMilliseconds)
        if let connectTo = settings.connectTo {
            try self.set(CURLOPT_CONNECT_TO, lines: [connectTo], isLasting: true)
        }
        // Both are always set: otherwise libcurl reads them from the environment. The empty string means no proxy.
        try self.set(CURLOPT_PROXY, settings.proxyURL ?? "")
        try self.set(CURLOPT_NOPROXY, "")
        try self.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        if settings.proxyURL != nil {
            try self.set(CURLOPT_HTTPPROXYTUNNEL, settings.isSecure)
        }
        try self.set(CURLOPT_TCP_KEEPALIVE, true)
        try self.set(CURLOPT_TCP_KEEPIDLE, settings.keepAlive.idle.wholeSeconds)
        try self.set(CURLOPT_TCP_KEEPINTVL, settings.keepAlive.interval.wholeSeconds)
        let unacknowledged = settings.keepAlive.unacknowledged.wholeMilliseconds
        try self.setUserTimeout(milliseconds: UInt32(clamping: unacknowledged))
    }

    private func setSecurity(_ settings: ConnectionSettings) throws(HTTPTransportError) {
        try self.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // While the first connection is not yet up, further requests wait for it instead of opening their own.
        try self.set(CURLOPT_PIPEWAIT, true)
        try self.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        switch settings.trust {
        case .system:
            break
        case .certificates(let pem):
            // libcurl adds its built-in directory to the blob: without taking it away, every public authority
            // would be trusted as well.
            try self.set(CURLOPT_CAINFO, nil)
            try self.set(CURLOPT_CAPATH, nil)
            try self.set(CURLOPT_CAINFO_BLOB, blob: pem)
        case .insecure:
            try self.set(CURLOPT_SSL_VERIFYPEER, false)
            try self.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let clientCertificate = settings.clientCertificate {
            try self.set(CURLOPT_SSLCERTTYPE, "PEM")
            try self.set(CURLOPT_SSLCERT_BLOB, blob: clientCertificate.certificate)
            try self.set(CURLOPT_SSLKEYTYPE, "PEM")
            try self.set(CURLOPT_SSLKEY_BLOB, blob: clientCertificate.key)
            // OpenSSL would ask the terminal for the passphrase of an encrypted key.
            try self.set(CURLOPT_KEYPASSWD, "")
        }
    }
}

extension Duration {
    /// Rounded up, so that a positive time does not become zero, which means "no limit" to libcurl.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(clamping: seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Rounded up.
    var wholeSeconds: Int {
        let (seconds, attoseconds) = self.components
        return Int(clamping: seconds) + (attoseconds > 0 ? 1 : 0)
    }
}
