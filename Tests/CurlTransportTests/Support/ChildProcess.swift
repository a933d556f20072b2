import Glibc
import Locks

/// A program of the system, run by a test.
final class ChildProcess: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let pid: pid_t
    private let status = Locked<Int32?>(nil)

    /// Starts a program that is looked up in PATH and where administrators' programs are; its output goes to a file.
    init(_ arguments: [String], output: String) throws {
        guard let program = arguments.first.flatMap(Self.find) else {
            throw Failure(
                description:
                    "\(arguments.first ?? "") is not installed: the tests need the packages openssl and nghttp2-proxy"
            )
        }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        // A socket that the child inherits stays open when the test closes it.
        for inherited in Int32(3)..<1024 {
            unsafe posix_spawn_file_actions_addclose(&actions, inherited)
        }
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer {
            while let word = unsafe words.popLast() {
                unsafe free(word)
            }
        }
        var pid: pid_t = 0
        let result = unsafe posix_spawn(&pid, program, &actions, nil, words, environ)
        guard result == 0 else { throw Failure(description: "\(program) does not start: error \(result)") }
        self.pid = pid
    }

    deinit {
        self.stop()
    }

    /// Waits for the program's end; its exit code.
    func wait() -> Int32 {
        self.status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            while unsafe waitpid(self.pid, &raw, 0) < 0, errno == EINTR {}
            let code = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : -1
            status = code
            return code
        }
    }

    /// Ends the program at once.
    func stop() {
        let isRunning = self.status.withLock { $0 == nil }
        if isRunning { _ = kill(self.pid, SIGKILL) }
        _ = self.wait()
    }

    private static func find(_ name: String) -> String? {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin"]
        return folders.map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
    }
}

/// A folder that lives as long as the object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/curl-transport-tests-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw ChildProcess.Failure(description: "no temporary folder") }
        self.path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        _ = try? ChildProcess(["rm", "-rf", self.path], output: "/dev/null").wait()
    }

    func read(_ name: String) throws -> [UInt8] {
        try Self.readFile("\(self.path)/\(name)")
    }

    static func readFile(_ path: String) throws -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw ChildProcess.Failure(description: "\(path) cannot be read: error \(errno)") }
        defer { _ = Glibc.close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    func write(_ name: String, _ text: String) throws {
        let file = unsafe open("\(self.path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ChildProcess.Failure(description: "\(name) cannot be written: error \(errno)") }
        defer { _ = Glibc.close(file) }
        let bytes = Array(text.utf8)
        guard unsafe bytes.withUnsafeBytes({ unsafe Glibc.write(file, $0.baseAddress, $0.count) }) == bytes.count else {
            throw ChildProcess.Failure(description: "\(name) cannot be written: error \(errno)")
        }
    }
}
