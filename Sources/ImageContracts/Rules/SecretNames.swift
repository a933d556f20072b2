/// What is a secret by its name: variables and files.
enum SecretNames {
    /// Whether a variable of this name holds a secret in whatever app.
    ///
    /// The parts of the name are looked at and not its letters: `MONKEY` is no key, and `MAX_TOKENS` counts some.
    static func isSecret(variable: String) -> Bool {
        let parts = variable.uppercased().split(whereSeparator: { $0 == "_" || $0 == "-" }).map(String.init)
        guard let last = parts.last else { return false }
        if secretWords.contains(last) { return true }
        let pair = parts.suffix(2).joined(separator: "_")
        if secretPairs.contains(pair) { return true }
        return parts.contains("PASSWORD") && !["FILE", "PATH", "MIN", "MAX", "LENGTH"].contains(last)
    }

    /// Whether a file of this path holds secrets by its name.
    ///
    /// Examples and templates hold none.
    static func isSecret(path: String) -> Bool {
        let parts = path.split(separator: "/")
        guard let name = parts.last.map(String.init) else { return false }
        if name == ".env" || name.hasPrefix(".env.") {
            return !harmlessSuffixes.contains { name.hasSuffix($0) }
        }
        if secretFiles.contains(name) { return true }
        if [".p12", ".pfx", ".keystore", ".jks"].contains(where: { name.hasSuffix($0) }) { return true }
        return secretPaths.contains(parts.suffix(2).joined(separator: "/"))
    }

    private static let secretWords: Set<String> = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "CREDENTIALS",
    ]
    private static let secretPairs: Set<String> = [
        "API_KEY", "SECRET_KEY", "PRIVATE_KEY", "ACCESS_KEY", "AUTH_KEY", "SIGNING_KEY", "ENCRYPTION_KEY",
        "DATABASE_URL",
        "DATABASE_DSN",
    ]
    private static let harmlessSuffixes = [".example", ".sample", ".template", ".dist", ".md"]
    private static let secretFiles: Set<String> = [
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", ".pgpass", ".pypirc", ".htpasswd", ".git-credentials",
        ".vault-token",
    ]
    private static let secretPaths: Set<String> = [
        ".aws/credentials", ".kube/config", ".docker/config.json", "gcloud/application_default_credentials.json",
    ]
}
