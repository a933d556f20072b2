public import JSON
internal import TodoAppAPI

/// Findings with what they are about, in the forms in which people and programs read them.
public struct Report: Sendable {
    /// The file, as the user named it.
    public var file: String
    /// What it was held against.
    public var contract: ImageContract
    /// The program's version.
    public var version: String
    /// What was found.
    public var findings: [Finding]
    /// What was measured; `nil` for a Dockerfile.
    public var layerSizes: [Int64]?

    /// A report.
    public init(
        file: String,
        contract: ImageContract,
        version: String,
        findings: [Finding],
        layerSizes: [Int64]? = nil
    ) {
        (self.file, self.contract, self.version) = (file, contract, version)
        (self.findings, self.layerSizes) = (findings, layerSizes)
    }

    /// A line for each finding, as compilers write them, and one that sums up.
    public var text: String {
        var text = ""
        for finding in self.findings {
            let place = finding.place.text.map { "\($0): " } ?? ""
            let separator = if case .line = finding.place { ":" } else { ": " }
            text +=
                "\(self.file)\(separator)\(place.isEmpty && separator == ":" ? " " : place)"
                + "\(finding.level.rawValue): \(finding.message) [\(finding.rule.rawValue)]\n"
        }
        return text + self.summary + "\n"
    }

    private var summary: String {
        let what = "contract \(self.contract.contract.rawValue), \(self.contract.component.rawValue)"
        var parts: [String] = []
        for level in Finding.Level.allCases {
            let count = self.findings.filter { $0.level == level }.count
            if count > 0 { parts.append("\(count) \(level.rawValue)\(count == 1 ? "" : "s")") }
        }
        let verdict = self.findings.isClean ? "meets" : "does not meet"
        let counts = parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))"
        var measured = ""
        if let sizes = self.layerSizes {
            measured = " (\(megabytes(sizes.reduce(0, +))) in \(sizes.count) layer\(sizes.count == 1 ? "" : "s"))"
        }
        return "\(self.file)\(measured) \(verdict) \(what)\(counts)"
    }

    /// One object, for scripts.
    public var json: JSONValue {
        var object: JSONValue = [
            "file": .string(self.file),
            "contract": .string(self.contract.contract.rawValue),
            "component": .string(self.contract.component.rawValue),
            "met": .bool(self.findings.isClean),
            "findings": .array(self.findings.map(\.json)),
        ]
        if let sizes = self.layerSizes {
            object["bytes"] = JSONValue(Int(sizes.reduce(0, +)))
            object["layers"] = .array(sizes.map { JSONValue(Int($0)) })
        }
        return object
    }
}

extension Finding {
    fileprivate var json: JSONValue {
        var object: JSONValue = [
            "rule": .string(self.rule.rawValue),
            "level": .string(self.level.rawValue),
            "message": .string(self.message),
        ]
        switch self.place {
        case .line(let line): object["line"] = JSONValue(line)
        case .whole: break
        case .configuration(let field): object["field"] = .string(field)
        case .history(let number): object["history"] = JSONValue(number)
        case .layer(let number, let path):
            object["layer"] = JSONValue(number)
            object["path"] = .string(path)
        }
        return object
    }
}
