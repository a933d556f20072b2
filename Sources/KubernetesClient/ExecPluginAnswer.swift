internal import CurlTransport
internal import FoundationEssentials
internal import JSON
internal import YAML

/// What a credential plugin printed, read and checked.
struct ExecPluginAnswer: Sendable, Equatable {
    /// The bearer token; empty where there is none.
    let token: String
    let certificate: CurlTransport.Configuration.ClientCertificate?
    /// When it ends, in seconds since 1970; `nil` if it holds until the server refuses it.
    let expiry: Double?

    /// Reads the plugin's output.
    ///
    /// The protocol asks for JSON; YAML, which some print, reads the same.
    init(_ output: [UInt8], version: ExecPlugin.Version) throws(ExecPluginError) {
        let json = try Self.object(in: output)
        // What was printed may hold the token: no message quotes any of it but these two.
        guard json["kind"] == .string(ExecPlugin.kind) else {
            throw .unusableOutput("kind must be \(ExecPlugin.kind), found \(Self.shown(json["kind"]))")
        }
        guard json["apiVersion"] == .string(version.rawValue) else {
            throw .unusableOutput("apiVersion must be \(version.rawValue), found \(Self.shown(json["apiVersion"]))")
        }
        let status = json["status"]
        self.token = status?["token"]?.string ?? ""
        self.certificate = try Self.certificate(status)
        guard !self.token.isEmpty || self.certificate != nil else {
            throw .unusableOutput("its status holds neither a token nor a client certificate")
        }
        self.expiry = try Self.expiry(status?["expirationTimestamp"])
    }

    private static func object(in output: [UInt8]) throws(ExecPluginError) -> JSONValue {
        if let json = try? JSONValue(parsing: output) {
            guard json.object != nil else { throw .unusableOutput("it is no object but \(json.kindName)") }
            return json
        }
        guard
            let documents = try? YAML.documents(in: output), documents.count == 1,
            let value = documents.first?.value, value.object != nil
        else { throw .unusableOutput(output.isEmpty ? "it is empty" : "it is neither JSON nor YAML") }
        return value
    }

    private static func certificate(
        _ status: JSONValue?
    ) throws(ExecPluginError) -> CurlTransport.Configuration.ClientCertificate? {
        let certificate = status?["clientCertificateData"]?.string ?? ""
        let key = status?["clientKeyData"]?.string ?? ""
        switch (certificate.isEmpty, key.isEmpty) {
        case (true, true): return nil
        case (false, true): throw .unusableOutput("clientCertificateData is there without clientKeyData")
        case (true, false): throw .unusableOutput("clientKeyData is there without clientCertificateData")
        case (false, false):
            let pair = CurlTransport.Configuration.ClientCertificate(
                certificate: Array(certificate.utf8),
                key: Array(key.utf8)
            )
            guard Certificates.belongTogether(pair) else {
                throw .unusableOutput("clientCertificateData and clientKeyData are no PEM that belongs together")
            }
            return pair
        }
    }

    private static func expiry(_ value: JSONValue?) throws(ExecPluginError) -> Double? {
        guard let value, !value.isNull else { return nil }
        let text = value.string ?? ""
        let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        for style in styles {
            if let date = try? style.parse(text) { return date.timeIntervalSince1970 }
        }
        throw .unusableOutput("expirationTimestamp is no RFC 3339 time")
    }

    private static func shown(_ value: JSONValue?) -> String {
        guard let text = value?.string else { return "none" }
        return "\"\(text.prefix(80))\""
    }
}

/// Why a credential plugin gave no credential; each case is one line without anything secret.
public enum ExecPluginError: Error, Sendable, Equatable {
    /// There is no such program; what the kubeconfig says about installing it.
    case notFound(command: String, hint: String)
    /// It could not be started or read from.
    case notRun(command: String, why: String)
    /// It did not end in time.
    case timedOut(Duration)
    /// It ended with a failure; the last line that it wrote to its standard error.
    case failed(how: String, lastLine: String)
    /// What it printed cannot be used.
    case unusableOutput(String)
}

extension ExecPluginError: CustomStringConvertible {
    /// One line for people.
    public var description: String {
        switch self {
        case .notFound(let command, ""): "there is no program \"\(command)\""
        case .notFound(let command, let hint): "there is no program \"\(command)\": \(hint)"
        case .notRun(let command, let why): "\"\(command)\" cannot be run: \(why)"
        case .timedOut(let limit): "it did not end within \(limit)"
        case .failed(let how, ""): "it \(how) and wrote nothing to its standard error"
        case .failed(let how, let lastLine): "it \(how): \(lastLine)"
        case .unusableOutput(let why): "what it printed cannot be used: \(why)"
        }
    }
}
