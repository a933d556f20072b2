/// What an image runs and how: read from a Dockerfile's last stage or from an image's configuration, and judged alike.
struct ImageFacts: Sendable {
    /// Something and where it stands.
    struct Fact<Value: Sendable>: Sendable {
        var value: Value
        var place: Finding.Place

        init(_ value: Value, at place: Finding.Place) {
            (self.value, self.place) = (value, place)
        }
    }

    /// USER, as it stands there; an empty one is root.
    var user: Fact<String>?
    /// The accounts that there are, as far as these can be told.
    var accounts = Accounts()
    /// `8000/tcp`, each one for itself.
    var ports: [Fact<String>] = []
    var entrypoint: Fact<ProcessForm>?
    var command: Fact<ProcessForm>?
    var workingDirectory: Fact<String>?
    /// In order; of two with one name the later holds.
    var environment: [Fact<(name: String, value: String)>] = []
    var labels: [String: String] = [:]
    var healthCheck: Fact<HealthCheckFact>?
    /// Whether a health check could be told at all: the OCI format has no field for it.
    var canTellHealthCheck = true
    /// Where to point for what is missing.
    var end: Finding.Place = .whole
}

/// The health check that an image has.
enum HealthCheckFact: Sendable, Equatable {
    /// The base's is switched off.
    case off
    /// It runs this, at these times in seconds.
    case runs(ProcessForm, interval: Double, timeout: Double, startPeriod: Double, retries: Int)
}

/// Users and groups by name.
struct Accounts: Sendable, Equatable {
    /// A user's number, and its group's where that is known.
    struct User: Sendable, Equatable {
        var uid: Int
        var gid: Int?
    }

    var users: [String: User] = [:]
    var groups: [String: Int] = [:]

    init() {}

    /// What `/etc/passwd` and `/etc/group` say.
    init(passwd: String, group: String) {
        for line in passwd.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let uid = Int(fields[2]) else { continue }
            self.users[String(fields[0])] = User(uid: uid, gid: Int(fields[3]))
        }
        for line in group.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 3, let gid = Int(fields[2]) else { continue }
            self.groups[String(fields[0])] = gid
        }
    }

    /// Takes in what a script makes of accounts: Debian's useradd and groupadd, Alpine's adduser and addgroup.
    mutating func read(script: String, words: DockerfileWords) {
        for command in ShellCommands.all(in: script) {
            let parts = words.split(command)
            guard let program = parts.first?.programName else { continue }
            let isGroup = ["groupadd", "addgroup"].contains(program)
            guard isGroup || ["useradd", "adduser"].contains(program) else { continue }
            self.add(AccountOptions(parts.dropFirst(), isGroup: isGroup), isGroup: isGroup)
        }
    }

    private mutating func add(_ options: AccountOptions, isGroup: Bool) {
        guard let name = options.name else { return }
        if isGroup {
            self.groups[name] = options.number
            return
        }
        guard let uid = options.number else { return }
        self.users[name] = User(uid: uid, gid: options.group.flatMap { Int($0) ?? self.groups[$0] })
    }

    /// USER as numbers; `nil` where a name is not known.
    func numbers(of user: String) -> User? {
        let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        let group = parts.count > 1 ? Int(parts[1]) ?? self.groups[parts[1]] : nil
        if let uid = Int(name) {
            let primary = self.users.values.first { $0.uid == uid }?.gid
            return User(uid: uid, gid: group ?? primary)
        }
        guard var known = name == "root" ? User(uid: 0, gid: 0) : self.users[name] else { return nil }
        if parts.count > 1 { known.gid = group }
        return known
    }
}

/// What is said to the programs that make accounts.
private struct AccountOptions {
    var name: String?
    /// The user's number, or the group's.
    var number: Int?
    /// The user's group, by name or number.
    var group: String?

    init(_ words: some Sequence<String>, isGroup: Bool) {
        var pending: String?
        for word in words {
            if let option = pending {
                self.take(option, word, isGroup: isGroup)
                pending = nil
            } else if word.hasPrefix("-") {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 {
                    self.take(parts[0], parts[1], isGroup: isGroup)
                } else if Self.takingValue.contains(word) {
                    pending = word
                }
            } else if self.name == nil {
                self.name = word
            }
        }
    }

    private mutating func take(_ option: String, _ value: String, isGroup: Bool) {
        switch option {
        case "-u", "--uid": self.number = Int(value)
        case "-g" where isGroup, "--gid" where isGroup: self.number = Int(value)
        // Alpine's adduser has the group behind -G; for useradd that is a list of others.
        case "-g", "--gid", "-G", "--ingroup": self.group = self.group ?? value
        default: break
        }
    }

    private static let takingValue: Set<String> = [
        "-u", "--uid", "-g", "--gid", "-G", "--groups", "--ingroup", "-d", "--home", "--home-dir", "-h", "-s",
        "--shell",
        "-c", "--comment", "--gecos", "-b", "--base-dir", "-k", "--skel",
    ]
}

/// A script's commands, one by one.
enum ShellCommands {
    /// What stands between `&&`, `||`, `;`, `|` and the ends of lines.
    ///
    /// Quotes are left as they are.
    static func all(in script: String) -> [String] {
        var commands: [String] = []
        var command = ""
        var quote: Character?
        for character in script {
            if let open = quote {
                if character == open { quote = nil }
                command.append(character)
            } else if character == "\"" || character == "'" {
                quote = character
                command.append(character)
            } else if character == "&" || character == ";" || character == "|" || character.isNewline {
                commands.append(command)
                command = ""
            } else {
                command.append(character)
            }
        }
        return (commands + [command]).map(\.trimmed).filter { !$0.isEmpty }
    }
}
