import JSON
import Testing

private struct User: Codable, Equatable {
    struct Credentials: Codable, Equatable {
        var token: String
        var port: UInt16?
    }

    enum Color: String, Codable {
        case red
        case blue
    }

    var name: String
    var user: Credentials
    var color: Color?
    var labels: [String: String]?
    var free: JSONValue?
}

private struct Config: Codable, Equatable {
    var users: [User]
    var ratio: Double
}

private enum IntOrString: Codable, Equatable {
    case int(Int)
    case string(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = .int(try container.decode(Int.self))
        } catch DecodingError.typeMismatch {
            self = .string(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .int(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        }
    }
}

struct JSONValueDecoderTests {
    private static let document: JSONValue = [
        "users": [
            [
                "name": "a", "user": ["token": "t", "port": 8080], "color": "red", "labels": ["x": "y"],
                "free": ["any": [1, "two", .null]],
            ]
        ],
        "ratio": 1,
    ]

    @Test("a type is decoded and encoded to the same value")
    func roundTrip() throws {
        let config = try JSONValueDecoder().decode(Config.self, from: Self.document)
        #expect(config.users[0].user.port == 8080)
        #expect(config.users[0].free == ["any": [1, "two", .null]])
        #expect(try JSONValueEncoder().encode(config) == Self.document)
    }

    @Test(
        "an error is one line with the path",
        arguments: [
            (["users", 0, "user", "token"], 5, "users[0].user.token: expected string, found integer"),
            (["users", 0, "user", "token"], nil, "users[0].user.token: expected string, found null"),
            (["users", 0, "user", "port"], "x", "users[0].user.port: expected integer, found string"),
            (["users", 0, "user", "port"], 1.5, "users[0].user.port: expected integer, found number"),
            (["users", 0, "user", "port"], 70_000, "users[0].user.port: the number does not fit UInt16"),
            (["users", 0, "user"], ["port": 1], "users[0].user.token: is missing"),
            (["users", 0, "labels"], ["a.b": 1], #"users[0].labels["a.b"]: expected string, found integer"#),
            (["users"], [:], "users: expected array, found object"),
            (["users", 0], "x", "users[0]: expected object, found string"),
            (["ratio"], true, "ratio: expected number, found boolean"),
        ] as [(JSONPath, JSONValue, String)]
    )
    func errors(path: JSONPath, replacement: JSONValue, message: String) throws {
        let damaged = try JSONPatch([.replace(JSONPointer(path), replacement)]).applied(to: Self.document)
        let error = #expect(throws: JSONDecodingError.self) {
            try JSONValueDecoder().decode(Config.self, from: damaged)
        }
        #expect(error?.description == message)
    }

    @Test("a value that an enum does not know is named with its path")
    func unknownCase() throws {
        let damaged = try JSONPatch([.replace(JSONPointer(["users", "0", "color"]), "pink")]).applied(to: Self.document)
        let error = #expect(throws: JSONDecodingError.self) {
            try JSONValueDecoder().decode(Config.self, from: damaged)
        }
        #expect(error?.path == ["users", 0, "color"])
        #expect(error?.description.contains("pink") == true)
    }

    @Test("a type that tries one thing after another finds Swift's own errors")
    func intOrString() throws {
        let values = try JSONValueDecoder().decode([IntOrString].self, from: [1, "http", 2.0])
        #expect(values == [.int(1), .string("http"), .int(2)])
        #expect(try JSONValueEncoder().encode(values) == [1, "http", 2])
    }

    @Test("whole numbers at the edges keep their value")
    func edges() throws {
        let big = try JSONValue(parsing: "[18446744073709551615]")
        #expect(try JSONValueDecoder().decode([UInt64].self, from: big) == [.max])
        #expect(try JSONValueEncoder().encode([UInt64.max]) == big)
        #expect(try JSONValueDecoder().decode([Int].self, from: try JSONValue(parsing: "[1e3,2.0]")) == [1000, 2])
        #expect(try JSONValueEncoder().encode([Float(0.1)]).text() == "[0.1]")
    }

    @Test("a number that JSON lacks is refused with its path")
    func infinity() {
        let error = #expect(throws: JSONEncodingError.self) {
            try JSONValueEncoder().encode(Config(users: [], ratio: .infinity))
        }
        #expect(error?.description == "ratio: inf is not a JSON number")
    }

    @Test("a type without members is an empty object")
    func empty() throws {
        struct Empty: Codable {}
        #expect(try JSONValueEncoder().encode(Empty()) == [:])
    }
}
