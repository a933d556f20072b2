/// An amount of CPU, memory or storage, as Kubernetes writes it: `250m`, `1Gi`, `0.5`, `1e3`.
///
/// Compared by amount and not by spelling: `1` equals `1000m`. The spelling is kept for writing it back.
public struct Quantity: Sendable {
    /// The amount as it was written.
    public let text: String

    /// The amount in billionths, the finest step that Kubernetes keeps; finer ones are rounded away from zero, as there.
    private let billionths: Int128

    /// Reads an amount; `nil` if it is none, or one beyond what 64 bits hold.
    public init?(_ text: String) {
        guard let billionths = Self.billionths(of: text) else { return nil }
        self.text = text
        self.billionths = billionths
    }

    /// Thousandths of a CPU: `250m`.
    public static func milliCPU(_ count: Int32) -> Quantity {
        Quantity(text: "\(count)m", billionths: Int128(count) * 1_000_000)
    }

    /// Memory or storage in units of 2^20 bytes: `256Mi`.
    public static func mebibytes(_ count: Int32) -> Quantity {
        Quantity(text: "\(count)Mi", billionths: Int128(count) * 1_048_576 * Self.scale)
    }

    /// Memory or storage in units of 2^30 bytes: `1Gi`.
    public static func gibibytes(_ count: Int32) -> Quantity {
        Quantity(text: "\(count)Gi", billionths: Int128(count) * 1_073_741_824 * Self.scale)
    }

    private init(text: String, billionths: Int128) {
        self.text = text
        self.billionths = billionths
    }

    /// Whether the amount is below zero.
    public var isNegative: Bool {
        self.billionths < 0
    }

    /// Whether the amount is zero.
    public var isZero: Bool {
        self.billionths == 0
    }
}

extension Quantity: Comparable, Hashable, CustomStringConvertible {
    /// Whether both are the same amount, however they are written.
    public static func == (left: Quantity, right: Quantity) -> Bool {
        left.billionths == right.billionths
    }

    /// Whether the left amount is the smaller one.
    public static func < (left: Quantity, right: Quantity) -> Bool {
        left.billionths < right.billionths
    }

    /// Mixes the amount, not the spelling.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.billionths)
    }

    /// The amount as it was written.
    public var description: String {
        self.text
    }
}

// MARK: - Parsing

extension Quantity {
    private static let scale: Int128 = 1_000_000_000

    /// Kubernetes caps amounts at 2^63-1; a longer row of digits than this cannot be below the cap in any unit.
    private static let longestText = 64

    private static func billionths(of text: String) -> Int128? {
        guard text.utf8.count <= Self.longestText else { return nil }
        var rest = Array(text.utf8)[...]

        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }

        let whole = rest.prefix(while: Self.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8> = []
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.prefix(while: Self.isDigit)
            rest = rest.dropFirst(fraction.count)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }

        guard
            let unit = Unit(suffix: String(decoding: rest, as: UTF8.self)),
            let digits = Self.number(whole + fraction),
            let amount = Self.billionths(digits: digits, fractionDigits: fraction.count, unit: unit)
        else { return nil }
        guard amount <= Int128(Int64.max) * Self.scale else { return nil }
        return isNegative ? -amount : amount
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int128? {
        var number: Int128 = 0
        for digit in digits {
            let (tenfold, overflowed) = number.multipliedReportingOverflow(by: 10)
            guard !overflowed else { return nil }
            let (sum, overflowedAgain) = tenfold.addingReportingOverflow(Int128(digit - UInt8(ascii: "0")))
            guard !overflowedAgain else { return nil }
            number = sum
        }
        return number
    }

    private static func billionths(digits: Int128, fractionDigits: Int, unit: Unit) -> Int128? {
        guard digits != 0 else { return 0 }
        let (multiplied, overflowed) = digits.multipliedReportingOverflow(by: unit.factor)
        guard !overflowed else { return nil }

        // What is left is a power of ten: the unit's own, nine for billionths, less the digits after the point.
        let exponent = unit.powerOfTen + 9 - fractionDigits
        if exponent >= 0 {
            guard let power = Self.powerOfTen(exponent) else { return nil }
            let (amount, overflowed) = multiplied.multipliedReportingOverflow(by: power)
            return overflowed ? nil : amount
        }
        guard let divisor = Self.powerOfTen(-exponent) else { return 1 }
        let (quotient, remainder) = multiplied.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 ? quotient : quotient + 1
    }

    /// `nil` where 128 bits do not hold it.
    private static func powerOfTen(_ exponent: Int) -> Int128? {
        guard exponent <= 38 else { return nil }
        var power: Int128 = 1
        for _ in 0..<exponent {
            power *= 10
        }
        return power
    }
}

/// What stands after the digits: a factor and a power of ten.
private struct Unit {
    let factor: Int128
    let powerOfTen: Int

    init?(suffix: String) {
        switch suffix {
        case "": self = Unit(decimal: 0)
        case "n": self = Unit(decimal: -9)
        case "u": self = Unit(decimal: -6)
        case "m": self = Unit(decimal: -3)
        case "k": self = Unit(decimal: 3)
        case "M": self = Unit(decimal: 6)
        case "G": self = Unit(decimal: 9)
        case "T": self = Unit(decimal: 12)
        case "P": self = Unit(decimal: 15)
        case "E": self = Unit(decimal: 18)
        case "Ki": self = Unit(binary: 10)
        case "Mi": self = Unit(binary: 20)
        case "Gi": self = Unit(binary: 30)
        case "Ti": self = Unit(binary: 40)
        case "Pi": self = Unit(binary: 50)
        case "Ei": self = Unit(binary: 60)
        default:
            guard let first = suffix.first, first == "e" || first == "E" else { return nil }
            guard let exponent = Int(suffix.dropFirst()), (-64...64).contains(exponent) else { return nil }
            self = Unit(decimal: exponent)
        }
    }

    private init(decimal powerOfTen: Int) {
        self.factor = 1
        self.powerOfTen = powerOfTen
    }

    private init(binary powerOfTwo: Int) {
        self.factor = 1 << powerOfTwo
        self.powerOfTen = 0
    }
}
