import JSON
import KubernetesAPI
import Testing

@Suite("ObjectAnswer")
struct ObjectAnswerTests {
    private static let json: JSONValue = [
        "kind": "ConfigMap", "metadata": ["name": "c", "uid": "u", "resourceVersion": "7"], "data": ["k": "v"],
    ]

    @Test("An answer says which object in which state it is, and is read as a whole when it is asked for")
    func answer() throws {
        let answer = try ObjectAnswer(parsing: Self.json.bytes())
        #expect(answer.uid == "u")
        #expect(answer.resourceVersion == ResourceVersion("7"))
        #expect(try answer.object() == DynamicObject(json: Self.json))
        let read = ObjectAnswer(try DynamicObject(json: Self.json))
        #expect(read.uid == "u")
        #expect(read.resourceVersion == ResourceVersion("7"))
    }

    @Test("One that breaks off is seen to when it is read, one that says nothing of an object at once")
    func broken() throws {
        let bytes = Self.json.bytes()
        let answer = try ObjectAnswer(parsing: Array(bytes.dropLast(3)))
        #expect(answer.resourceVersion == ResourceVersion("7"))
        #expect(throws: JSONParseError.self) { try answer.object() }
        #expect(throws: JSONParseError.self) { try ObjectAnswer(parsing: Array("<html>".utf8)) }
    }
}
