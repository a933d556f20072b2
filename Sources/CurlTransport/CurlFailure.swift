internal import CCurl
internal import Glibc
internal import HTTPTransport

/// How libcurl says that a transfer failed, and what that means.
struct CurlFailure {
    let code: CURLcode
    /// libcurl's own words; may be empty.
    let message: String
    /// `errno` of the connection attempt; 0 if there was none.
    let systemError: Int32
    /// OpenSSL's `X509_V_ERR_…`; 0 if the chain is good.
    let verifyResult: Int
    /// The status with which a proxy answered `CONNECT`; 0 if there was none.
    let proxyStatus: Int
    /// Whether the request was handed to a connection.
    let wasSent: Bool
    /// Host and port of the server.
    let endpoint: String
    let connectTimeout: Duration

    var transportError: HTTPTransportError {
        switch self.code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            .hostNotFound(self.text)
        case CURLE_COULDNT_CONNECT:
            .couldNotConnect("\(self.endpoint): \(self.connectReason)")
        case CURLE_PROXY:
            .couldNotConnect("\(self.endpoint) through the proxy: \(self.text)")
        // libcurl's own clock only runs until the connection stands; the others are ours.
        case CURLE_OPERATION_TIMEDOUT:
            .couldNotConnect("\(self.endpoint): not connected within \(self.connectTimeout)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            .certificateNotTrusted("\(self.endpoint): \(self.distrust)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            .tlsFailed("\(self.endpoint): \(self.text)")
        case CURLE_SSL_CERTPROBLEM:
            .invalidRequest("the client certificate or its key cannot be used: \(self.text)")
        case CURLE_SSL_CACERT_BADFILE:
            .invalidRequest("the certificate authority cannot be read: \(self.text)")
        case CURLE_URL_MALFORMAT:
            .invalidRequest(self.text)
        case CURLE_ABORTED_BY_CALLBACK:
            .connectionLost("\(self.endpoint): lost before the answer; not sent again, it may have been carried out")
        case CURLE_RECV_ERROR where self.proxyStatus >= 300:
            .couldNotConnect("\(self.endpoint): the proxy refused with status \(self.proxyStatus)")
        // With TLS 1.3 a server says only after the client's handshake what it thinks of the client's certificate: by
        // then the request is on its way, but a server that refuses the certificate does not read it.
        case CURLE_RECV_ERROR where self.refusesClientCertificate, CURLE_SEND_ERROR where self.refusesClientCertificate:
            .tlsFailed("\(self.endpoint): \(self.text)")
        case CURLE_PARTIAL_FILE:
            .connectionLost("\(self.endpoint): the body ended too early: \(self.text)")
        case CURLE_GOT_NOTHING:
            .connectionLost("\(self.endpoint): closed without an answer")
        default:
            // Before the request went out it is safe to say so: even a POST may then be sent again.
            self.wasSent
                ? .connectionLost("\(self.endpoint): \(self.text)") : .couldNotConnect("\(self.endpoint): \(self.text)")
        }
    }

    private var text: String {
        let cleaned = Self.cleaned(self.message)
        return cleaned.isEmpty ? "libcurl's error \(self.code.rawValue)" : cleaned
    }

    private var connectReason: String {
        switch self.systemError {
        case ECONNREFUSED: "connection refused"
        case EHOSTUNREACH: "no route to the host"
        case ENETUNREACH: "the network is unreachable"
        case ETIMEDOUT: "no answer"
        default: self.text
        }
    }

    /// The numbers are OpenSSL's `X509_V_ERR_…` in `x509_vfy.h`.
    private var distrust: String {
        switch self.verifyResult {
        case 0: self.text
        case 9: "it is not yet valid"
        case 10: "it has expired"
        case 18: "it is self-signed"
        case 19: "it is signed by an unknown authority (self-signed certificate in its chain)"
        case 2, 20, 21: "it is signed by an unknown authority"
        default: self.text
        }
    }

    private var refusesClientCertificate: Bool {
        let message = self.message.lowercased()
        return message.contains("alert") && message.contains("certif")
            || message.contains("alert unknown ca") || message.contains("alert access denied")
    }

    /// One line of at most 300 characters without control characters, and without the user part of a URL.
    static func cleaned(_ message: String) -> String {
        var words = message.split { $0.isWhitespace || $0.isNewline }.map(String.init)
        for (index, word) in words.enumerated() {
            guard let scheme = word.firstRange(of: "://"), let at = word.lastIndex(of: "@"), at >= scheme.upperBound
            else { continue }
            words[index] = "\(word[..<scheme.upperBound])…\(word[at...])"
        }
        let line = words.joined(separator: " ").unicodeScalars.filter { $0.properties.generalCategory != .control }
        return String(String(String.UnicodeScalarView(line)).prefix(300))
    }
}
