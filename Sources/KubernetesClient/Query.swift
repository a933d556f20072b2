/// The query part of a request's target, percent-encoded.
struct Query {
    private var text = ""

    /// Appends a parameter; an empty value is left out.
    mutating func append(_ name: String, _ value: String) {
        guard !value.isEmpty else { return }
        self.text += self.text.isEmpty ? "?" : "&"
        self.text += "\(name)=\(percentEncoded(value))"
    }

    /// The target with this query.
    func target(_ path: String) -> String {
        path + self.text
    }
}

/// Encodes all but RFC 3986's unreserved characters.
func percentEncoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            encoded.append(byte)
        default:
            encoded.append(UInt8(ascii: "%"))
            encoded.append(hexDigit(byte >> 4))
            encoded.append(hexDigit(byte & 15))
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
}
