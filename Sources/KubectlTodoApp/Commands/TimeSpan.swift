internal import ArgumentParser

/// Reads a time span as kubectl writes it: `90s`, `5m`, `1h30m`.
func timeSpan(_ text: String) throws -> Duration {
    var seconds: Int64 = 0
    var digits = ""
    for character in text {
        if character.isASCII, character.isNumber {
            digits.append(character)
            continue
        }
        guard let count = Int64(digits), count <= longestSpan, let unit = units[character] else { throw malformed }
        seconds += count * unit
        digits = ""
    }
    guard digits.isEmpty, seconds > 0 else { throw malformed }
    return .seconds(seconds)
}

private let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400]

/// More than a hundred years in any unit would be a mistake, and must not overflow.
private let longestSpan: Int64 = 3_155_760_000

private let malformed = ValidationError("must be a time span such as 90s, 5m or 1h30m")
