import FoundationEssentials
import Glibc
import JSON

/// Argo CD's health check of TodoApps, run by a Lua 5.1, which is what Argo CD's own interpreter speaks.
enum ArgoHealth {
    /// What the script says of an object.
    struct Verdict: Equatable {
        var status: String
        var message: String
    }

    /// The script failed, or wrote something else than verdicts.
    struct Failed: Error {
        var output: String
    }

    private static let interpreter = "/usr/bin/lua5.1"

    /// Whether there is an interpreter; `hack/setup` installs it.
    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: Self.interpreter) }

    /// The verdicts of a script on these objects, in their order.
    ///
    /// The script sees `obj` and what the language itself has, but no library, as in Argo CD.
    static func verdicts(of script: String, on objects: [JSONValue]) throws -> [Verdict] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "argo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(script.utf8).write(to: folder.appending(path: "health.lua"))
        let driver = """
            local check = assert(loadfile(arg[1]))
            for _, object in ipairs({\(objects.map(\.lua).joined(separator: ","))}) do
              setfenv(check, { obj = object, ipairs = ipairs, pairs = pairs, string = string, table = table })
              local health = check()
              print(health.status .. "\\t" .. (health.message or ""))
            end
            """
        try Data(driver.utf8).write(to: folder.appending(path: "driver.lua"))
        let output = try run("\(self.interpreter) driver.lua health.lua 2>&1", in: folder.path)
        let lines = output.split(separator: "\n")
        let verdicts = lines.compactMap { line -> Verdict? in
            let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 ? Verdict(status: String(parts[0]), message: String(parts[1])) : nil
        }
        guard verdicts.count == objects.count else { throw Failed(output: output) }
        return verdicts
    }

    private static func run(_ command: String, in folder: String) throws -> String {
        guard let pipe = unsafe popen("cd '\(folder)' && \(command)", "r") else {
            throw Failed(output: "popen: \(errno)")
        }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, pipe) }
            guard count > 0 else { break }
            output += chunk[..<count]
        }
        let status = unsafe pclose(pipe)
        let text = String(decoding: output, as: UTF8.self)
        guard status == 0 else { throw Failed(output: text) }
        return text
    }
}

extension JSONValue {
    /// The value as Lua writes it; `null` is nothing there.
    fileprivate var lua: String {
        switch self {
        case .null: "nil"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): value.text
        case .string(let value): luaText(value)
        case .array(let values): "{" + values.map(\.lua).joined(separator: ",") + "}"
        case .object(let members):
            "{" + members.map { "[\(luaText($0.key))]=\($0.value.lua)" }.joined(separator: ",") + "}"
        }
    }
}

/// A text in Lua's quotes; bytes beyond printable ASCII as three digits, which Lua 5.1 has for all of them.
private func luaText(_ text: String) -> String {
    let escaped = text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\\(Character(Unicode.Scalar(byte)))"
        case 32..<127: "\(Character(Unicode.Scalar(byte)))"
        default: "\\" + String(repeating: "0", count: 3 - "\(byte)".count) + "\(byte)"
        }
    }
    return "\"\(escaped.joined())\""
}
