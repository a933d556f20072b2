import Testing
import TodoAppOperator

/// What values the rules of a Secret take.
struct SecretRulesTests {
    @Test(
        "A PostgreSQL URL is taken",
        arguments: [
            "postgresql://user:password@host:5432/todo",
            "postgres://user:password@host/todo",
            "postgresql+asyncpg://user:password@ep-cool-name.eu-central-1.aws.neon.tech/todo?ssl=require",
            "postgresql://user:p@ss/w:rd@host:5432/todo",
            "postgresql://host",
            "postgresql://[2001:db8::1]:5432/todo",
            "postgresql://user@one:5432,two:5433/todo",
            "postgresql:///todo?host=/var/run/postgresql",
        ]
    )
    func postgres(url: String) {
        #expect(SecretRule.postgresURL(requiresTLS: false).accepts(Array(url.utf8)))
    }

    @Test(
        "What is no PostgreSQL URL is refused",
        arguments: [
            "", "postgresql", "postgresql://", "postgresql:///todo", "mysql://user@host/todo", "http://host/todo",
            "postgresql://user:password@host:5432/todo\n", " postgresql://host/todo",
            "postgresql://user@host:port/todo",
            "postgresql://user@host:70000/todo", "postgresql://user@/todo", "postgresql+://host/todo",
            "postgresqlx://host/todo", "postgresql://[2001:db8::1/todo", "${DATABASE_URL}",
            "postgresql://user@:5432/todo",
        ]
    )
    func notPostgres(url: String) {
        #expect(!SecretRule.postgresURL(requiresTLS: false).accepts(Array(url.utf8)))
    }

    @Test(
        "An encrypted connection is asked for in the seed's way, in libpq's, and in stricter ones",
        arguments: ["ssl=require", "sslmode=require", "sslmode=verify-full", "application_name=todo&ssl=require"]
    )
    func encrypted(query: String) {
        let url = "postgresql://user:password@host:5432/todo?\(query)"
        #expect(SecretRule.postgresURL(requiresTLS: true).accepts(Array(url.utf8)))
    }

    @Test(
        "A connection that may be in the clear is refused where TLS is required",
        arguments: ["", "?ssl=disable", "?sslmode=prefer", "?ssl=require&sslmode=disable", "?ssl", "?xssl=require"]
    )
    func clear(query: String) {
        let url = "postgresql://user:password@host:5432/todo\(query)"
        #expect(!SecretRule.postgresURL(requiresTLS: true).accepts(Array(url.utf8)))
        #expect(SecretRule.postgresURL(requiresTLS: false).accepts(Array(url.utf8)))
    }

    @Test("Bytes that are no text are no PostgreSQL URL")
    func noText() {
        #expect(!SecretRule.postgresURL(requiresTLS: false).accepts(Array("postgresql://host/".utf8) + [0xFF]))
    }

    @Test("Length counts characters and not bytes")
    func length() {
        #expect(SecretRule.minimumLength(32).accepts(Array(String(repeating: "a", count: 32).utf8)))
        #expect(!SecretRule.minimumLength(32).accepts(Array(String(repeating: "a", count: 31).utf8)))
        #expect(!SecretRule.minimumLength(32).accepts(Array(String(repeating: "ä", count: 31).utf8)))
        #expect(SecretRule.minimumLength(32).accepts([UInt8](repeating: 0xFF, count: 32)))
    }

    @Test("An empty value is no credential")
    func empty() {
        #expect(!SecretRule.notEmpty.accepts([]))
        #expect(SecretRule.notEmpty.accepts([65]))
    }
}
