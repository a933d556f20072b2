import KubernetesClient
import KubernetesTesting
import Testing

@Suite("TokenFileCredential")
struct TokenFileCredentialTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let credential: TokenFileCredential

    init() throws {
        self.folder = try TemporaryFolder()
        let time = self.time
        self.credential = TokenFileCredential(path: "\(self.folder.path)/token", now: { time.now })
    }

    private func token() async throws -> String {
        try await self.credential.headers().map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    }

    /// Refuses a token; whether there is another one to show.
    private func refuse(_ token: String) async -> Bool {
        await self.credential.invalidate([(name: "Authorization", value: "Bearer \(token)")])
    }

    private func write(_ token: String) throws {
        try self.folder.write(token, to: "token")
    }

    @Test("The token is read without the blanks around it")
    func trimmed() async throws {
        try self.write("\n one \r\n")
        #expect(try await self.token() == "Authorization: Bearer one")
    }

    @Test("A token is used for a minute, then the file is read again")
    func rotation() async throws {
        try self.write("one")
        _ = try await self.token()
        try self.write("two")
        self.time.advance(by: .milliseconds(59_999))
        #expect(try await self.token() == "Authorization: Bearer one")
        self.time.advance(by: .milliseconds(1))
        #expect(try await self.token() == "Authorization: Bearer two")
    }

    @Test("A file that is missing or empty at a rotation keeps the last good token", arguments: ["", " \n"])
    func halfDone(_ content: String) async throws {
        try self.write("one")
        _ = try await self.token()
        try self.write(content)
        self.time.advance(by: .seconds(60))
        #expect(try await self.token() == "Authorization: Bearer one")
        try self.folder.remove("token")
        self.time.advance(by: .seconds(60))
        #expect(try await self.token() == "Authorization: Bearer one")
        try self.write("two")
        self.time.advance(by: .seconds(60))
        #expect(try await self.token() == "Authorization: Bearer two")
    }

    @Test("Without any token before, a missing or empty file is an error, and is looked at again the next time")
    func neverRead() async throws {
        let path = "\(self.folder.path)/token"
        await #expect(throws: CredentialError.tokenFileUnreadable(path: path, why: "no such file")) {
            try await self.token()
        }
        try self.write(" \n")
        await #expect(throws: CredentialError.tokenFileEmpty(path: path)) { try await self.token() }
        try self.write("one")
        #expect(try await self.token() == "Authorization: Bearer one")
    }

    @Test("After the server refused the token the file is read at once")
    func invalidated() async throws {
        try self.write("one")
        _ = try await self.token()
        try self.write("two")
        #expect(await self.refuse("one"))
        #expect(try await self.token() == "Authorization: Bearer two")
    }

    @Test("A refusal of a token that was exchanged meanwhile leaves the new one alone")
    func invalidatedLate() async throws {
        try self.write("one")
        _ = try await self.token()
        try self.write("two")
        #expect(await self.refuse("one"))
        try self.folder.remove("token")
        #expect(await self.refuse("one"))
        #expect(try await self.token() == "Authorization: Bearer two")
    }

    @Test("A refused token is used on when the file has nothing newer, and the file is read after each refusal")
    func invalidatedInVain() async throws {
        try self.write("one")
        _ = try await self.token()
        try self.folder.remove("token")
        #expect(await !self.refuse("one"))
        #expect(try await self.token() == "Authorization: Bearer one")
        try self.write("two")
        #expect(await self.refuse("one"))
        #expect(await !self.refuse("two"))
        #expect(try await self.token() == "Authorization: Bearer two")
    }

    @Test("A refusal before the first reading does no harm")
    func invalidatedFirst() async throws {
        #expect(await !self.refuse("one"))
        try self.write("one")
        #expect(try await self.token() == "Authorization: Bearer one")
    }

    @Test("A folder that is exchanged by its link is followed, as the kubelet does it")
    func linkSwap() async throws {
        for version in ["one", "two"] {
            try self.folder.makeFolder("..\(version)")
            try self.folder.write(version, to: "..\(version)/token")
        }
        try self.folder.link("..data", to: "..one")
        try self.folder.link("token", to: "..data/token")
        #expect(try await self.token() == "Authorization: Bearer one")
        try self.folder.link("..data", to: "..two")
        self.time.advance(by: .seconds(61))
        #expect(try await self.token() == "Authorization: Bearer two")
    }
}
