import KubernetesAPI
import Testing

@Suite("Quantity")
struct QuantityTests {
    @Test(
        "The same amount is equal however it is written",
        arguments: [
            ("1", "1000m"), ("0.5", "500m"), (".5", "500m"), ("5.", "5"), ("1e3", "1k"), ("1E3", "1000"),
            ("1Ki", "1024"), ("1Gi", "1024Mi"), ("1.5Gi", "1536Mi"), ("100e-3", "100m"), ("+2", "2"), ("-0", "0"),
            ("1M", "1000k"), ("1000000n", "1m"), ("1u", "1000n"), ("1E", "1000P"), ("1Ei", "1024Pi"), ("0Ei", "0"),
        ]
    )
    func spellings(_ left: String, _ right: String) throws {
        let left = try #require(Quantity(left))
        let right = try #require(Quantity(right))
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(!(left < right) && !(right < left))
    }

    @Test(
        "Amounts are ordered by size and not by text",
        arguments: [
            ("90m", "100m"), ("999m", "1"), ("128Mi", "1Gi"), ("1G", "1Gi"), ("9", "10"), ("-1", "0"),
            ("1023Mi", "1Gi"), ("1n", "2n"), ("0.1n", "2n"), ("0", "0.0000000001"),
        ]
    )
    func order(_ smaller: String, _ larger: String) throws {
        let smaller = try #require(Quantity(smaller))
        let larger = try #require(Quantity(larger))
        #expect(smaller < larger)
    }

    @Test("What is finer than a billionth is rounded away from zero, as Kubernetes does")
    func rounding() {
        #expect(Quantity("0.0000000001") == Quantity("1n"))
        #expect(Quantity("1.0000000001") == Quantity("1000000001n"))
        #expect(Quantity("-0.0000000001") == Quantity("-1n"))
        #expect(Quantity("1e-40") == Quantity("1n"))
    }

    @Test(
        "What is no amount is refused",
        arguments: [
            "", " ", "1 Gi", "1GB", "1gi", "Gi", "m", ".", "+", "-", "--1", "1..2", "1.2.3", "0x10", "1e", "1e+",
            "1e99", "e3", "1K", "1mi", "½", "1e1.5", "NaN", "inf",
        ]
    )
    func malformed(_ text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test("What is beyond 64 bits is refused, and never traps")
    func tooLarge() {
        #expect(Quantity("9223372036854775807") != nil)
        #expect(Quantity("9223372036854775808") == nil)
        #expect(Quantity("8Ei") == nil)
        #expect(Quantity("99999999999999999999999999999999999999Ei") == nil)
        #expect(Quantity("1e64") == nil)
        #expect(Quantity(String(repeating: "9", count: 64)) == nil)
        #expect(Quantity(String(repeating: "1", count: 1000)) == nil)
    }

    @Test("The constructors write what the parser reads")
    func constructors() {
        #expect(Quantity.milliCPU(250).text == "250m")
        #expect(Quantity("250m") == .milliCPU(250))
        #expect(Quantity("256Mi") == .mebibytes(256))
        #expect(Quantity("1Gi") == .gibibytes(1))
        #expect(Quantity("1")?.description == "1")
        #expect(Quantity("-5m")?.isNegative == true)
        #expect(Quantity("0")?.isZero == true)
    }
}
