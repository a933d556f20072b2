public import KubernetesAPI

extension Quantity {
    /// The amount as the API server writes it back: `1` for `1000m`, `1Gi` for `1024Mi`, `500m` for `0.5`.
    ///
    /// A manifest that spells it otherwise would never be found to be what the live object holds.
    public var canonicalText: String {
        let number = Spelling(self.text)
        return number.binaryText ?? number.decimalText
    }
}

/// A quantity taken apart: `digits` times ten to the power of `exponent`, times 1024 to the power of `binaryPower`.
private struct Spelling {
    let isNegative: Bool
    let digits: Int128
    let exponent: Int
    let binaryPower: Int
    let isScientific: Bool

    init(_ text: String) {
        // Bytes and not characters: a quantity is ASCII, and it is spelled for each container of each pass.
        var rest = text.utf8[...]
        self.isNegative = rest.first == UInt8(ascii: "-")
        if self.isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        var digits: Int128 = 0
        var fractionDigits = 0
        var isFraction = false
        while let byte = rest.first, byte == UInt8(ascii: ".") || (0x30...0x39).contains(byte) {
            rest.removeFirst()
            guard byte != UInt8(ascii: ".") else {
                isFraction = true
                continue
            }
            digits = digits &* 10 &+ Int128(byte - 0x30)
            fractionDigits += isFraction ? 1 : 0
        }
        let suffix = String(Substring(rest))
        let scientificExponent = suffix.utf8.count > 1 ? Int(suffix.dropFirst()) : nil

        self.digits = digits
        self.isScientific = scientificExponent != nil
        self.binaryPower = suffix.utf8.last == UInt8(ascii: "i") ? (binarySuffixes.firstIndex(of: suffix) ?? 0) : 0
        let unit = decimalSuffixes.firstIndex(of: suffix).map { ($0 - suffixOfOne) * 3 }
        self.exponent = (scientificExponent ?? unit ?? 0) - fractionDigits
    }

    /// With the largest unit of 1024 that leaves a whole number; `nil` for what is written in tens.
    var binaryText: String? {
        guard self.binaryPower > 0, let whole = self.wholeBinary, whole >= 1024 else { return nil }
        var amount = whole
        var power = 0
        while amount % 1024 == 0, power + 1 < binarySuffixes.count {
            amount /= 1024
            power += 1
        }
        return "\(self.sign)\(amount)\(binarySuffixes[power])"
    }

    /// With the largest unit of 1000 that leaves a whole number.
    var decimalText: String {
        var amount = self.digits
        for _ in 0..<self.binaryPower { amount *= 1024 }
        guard amount != 0 else { return "0" }
        var exponent = self.exponent
        while amount % 10 == 0 {
            amount /= 10
            exponent += 1
        }
        // Billionths are the finest step there is; what is finer is rounded away from zero.
        while exponent < -9 {
            amount = (amount + 9) / 10
            exponent += 1
        }
        while exponent % 3 != 0 || exponent > largestExponent {
            amount *= 10
            exponent -= 1
        }
        if self.isScientific {
            return exponent == 0 ? "\(self.sign)\(amount)" : "\(self.sign)\(amount)e\(exponent)"
        }
        return "\(self.sign)\(amount)\(decimalSuffixes[exponent / 3 + suffixOfOne])"
    }

    private var sign: String {
        self.isNegative ? "-" : ""
    }

    private var wholeBinary: Int128? {
        var amount = self.digits
        for _ in 0..<self.binaryPower { amount *= 1024 }
        for _ in 0..<max(0, -self.exponent) {
            guard amount % 10 == 0 else { return nil }
            amount /= 10
        }
        return amount
    }
}

private let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
private let suffixOfOne = 3
private let largestExponent = 18
private let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
