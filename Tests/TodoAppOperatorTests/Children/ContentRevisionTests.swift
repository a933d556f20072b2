import Testing
import TodoAppAPI
import TodoAppOperator

/// What revisions tell, and what they do not.
struct ContentRevisionTests {
    @Test("A revision is 16 hexadecimal digits of SHA-256 or HMAC-SHA-256")
    func knownAnswers() {
        // `printf '' | sha256sum`, and `printf '1:a1:b' | openssl dgst -sha256 -hmac key`.
        #expect(ContentRevision(ofPublic: [:]).description == "e3b0c44298fc1c14")
        #expect(
            ContentRevision(ofSecret: ["a": Array("b".utf8)], key: Array("key".utf8)).description == "3fd989caf0809978"
        )
    }

    @Test("The same content has the same revision, in whatever order it was put together")
    func order() {
        let keys = (0..<50).map { "KEY_\($0)" }
        let forward = Dictionary(uniqueKeysWithValues: keys.map { ($0, "value of \($0)") })
        let backward = Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, "value of \($0)") })
        #expect(ContentRevision(ofPublic: forward) == ContentRevision(ofPublic: backward))
    }

    @Test("Contents that differ only in where a value ends have different revisions")
    func unambiguous() {
        let contents: [[String: String]] = [
            ["a": "1", "b": "2"], ["a": "11:b1:2"], ["a": "12"], ["a1": "2"], ["a": ""], [:],
        ]
        #expect(Set(contents.map { ContentRevision(ofPublic: $0) }).count == contents.count)
    }

    @Test("Without the key nobody can compute a Secret's revision from a guess")
    func keyed() {
        let guess = ["DATABASE_URL": Array("postgresql://u:p@db/todo".utf8)]
        let revisions = ["one", "two", ""].map { ContentRevision(ofSecret: guess, key: Array($0.utf8)) }
        #expect(Set(revisions).count == 3)
        #expect(!revisions.contains(ContentRevision(ofPublic: ["DATABASE_URL": "postgresql://u:p@db/todo"])))
    }

    @Test("A Secret's revision changes with each key that the contract reads, and with no other")
    func secret() {
        let app = Sample.taskflow.app(in: .production)
        let content = app.sampleSecret
        let revision = app.secretRevision(of: content, secretUID: nil)
        #expect(revision != nil)
        for key in content.keys {
            var changed = content
            changed[key] = Array("something else".utf8)
            #expect(app.secretRevision(of: changed, secretUID: nil) != revision, "\(key)")
        }
        var more = content
        more["UNRELATED"] = [1]
        #expect(app.secretRevision(of: more, secretUID: "another uid") == revision)
    }

    @Test("Where a contract has no signing key the Secret's uid makes the revision unguessable")
    func uid() {
        let app = Sample.fastapi.app(in: .production)
        #expect(app.secretRevision(of: app.sampleSecret, secretUID: nil) == nil)
        let one = app.secretRevision(of: app.sampleSecret, secretUID: "one")
        #expect(one != nil)
        #expect(one != app.secretRevision(of: app.sampleSecret, secretUID: "two"))
    }
}
