public import JSON

extension Report {
    /// SARIF 2.1.0, which code hosts and editors show beside the lines.
    public var sarif: JSONValue {
        let rules = ImageRule.allCases.filter { $0.subjects.contains(self.layerSizes == nil ? .dockerfile : .image) }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "todoapp-operator",
                            "version": .string(self.version),
                            "rules": .array(rules.map(\.sarif)),
                        ]
                    ],
                    "columnKind": "unicodeCodePoints",
                    "results": .array(self.findings.map { self.result($0, rules) }),
                ]
            ],
        ]
    }

    private func result(_ finding: Finding, _ rules: [ImageRule]) -> JSONValue {
        var location: JSONValue = [
            "artifactLocation": ["uri": .string(Self.uri(self.file))]
        ]
        // Viewers show nothing without a line; what concerns the whole file is shown at its first.
        if self.layerSizes == nil {
            var line = 1
            if case .line(let own) = finding.place { line = own }
            location["region"] = ["startLine": JSONValue(line)]
        }
        var place: JSONValue = ["physicalLocation": location]
        if self.layerSizes != nil, let name = finding.place.text {
            place["logicalLocations"] = [["fullyQualifiedName": .string(name)]]
        }
        var result: JSONValue = [
            "ruleId": .string(finding.rule.rawValue),
            "level": .string(finding.level.rawValue),
            "message": ["text": .string(finding.message)],
            "locations": [place],
        ]
        if let index = rules.firstIndex(of: finding.rule) { result["ruleIndex"] = JSONValue(index) }
        return result
    }

    /// A path as a URI: relative ones stay so, and what a URI cannot hold is written in percents.
    private static func uri(_ path: String) -> String {
        var uri = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~/".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            uri += isPlain ? String(UnicodeScalar(byte)) : "%\(hex.count == 1 ? "0" : "")\(hex)"
        }
        return uri
    }
}

extension ImageRule {
    fileprivate var sarif: JSONValue {
        [
            "id": .string(self.rawValue),
            "shortDescription": ["text": .string(self.summary)],
            "defaultConfiguration": ["level": .string(self.level.rawValue)],
        ]
    }
}
