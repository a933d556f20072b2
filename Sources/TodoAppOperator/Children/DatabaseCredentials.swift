/// What opens the embedded database, and what it shows of itself.
public struct DatabaseCredentials: Sendable, Equatable {
    /// The password of its one user.
    public var password: [UInt8]
    /// The server's certificate, as PEM.
    public var certificate: [UInt8]
    /// The certificate's key, as PEM.
    public var key: [UInt8]

    /// Credentials by their parts.
    public init(password: [UInt8], certificate: [UInt8], key: [UInt8]) {
        self.password = password
        self.certificate = certificate
        self.key = key
    }

    /// Reads what a Secret holds; `nil` where something is missing.
    init?(_ data: [String: [UInt8]]) {
        guard let password = data["password"], let certificate = data["tls.crt"], let key = data["tls.key"] else {
            return nil
        }
        self.init(password: password, certificate: certificate, key: key)
    }

    /// What the Secret holds.
    var data: [String: [UInt8]] {
        ["password": self.password, "tls.crt": self.certificate, "tls.key": self.key]
    }

    /// The DATABASE_URL of an app, which asks for an encrypted connection as seed 001 demands.
    func url(of app: EffectiveApp) -> [UInt8] {
        let before = "postgresql://\(databaseUser):"
        let after = "@\(app.databaseName).\(app.namespace).svc:\(databasePort)/\(databaseUser)?ssl=require"
        return Array(before.utf8) + self.password + Array(after.utf8)
    }
}

/// The database's one user, and the name of its one database.
let databaseUser = "todo"
/// PostgreSQL's own port.
let databasePort = 5432

extension EffectiveApp {
    /// The name of all that belongs to the embedded database.
    public var databaseName: String {
        "\(self.name)-postgres"
    }
}
