internal import JSON
internal import TodoAppAPI

extension Contract {
    /// All contracts side by side in Markdown, each figure with its source, and the reasons where a seed is silent.
    ///
    /// It is made of what ``document`` holds, so that no figure can stand here that the operator does not go by.
    public static var table: String {
        let parts = Self.all.flatMap(\.parts)
        let names = parts[0].figures.map(\.name)
        var lines = [
            "| | " + parts.map { "`\($0.title)`" }.joined(separator: " | ") + " |",
            "|---" + String(repeating: "|---", count: parts.count) + "|",
        ]
        lines += names.map { name in
            let cells = parts.map { part in
                part.figures.first { $0.name == name }.map { "\($0.text) · \($0.source.short)" } ?? "–"
            }
            return "| \(name) | " + cells.joined(separator: " | ") + " |"
        }
        for part in parts {
            lines += ["", "#### \(part.title)", ""] + part.lists
            lines += part.figures.compactMap { figure in
                figure.source.reason.map { "- \(figure.name): \(figure.text); the seed is silent: \($0)." }
            }
        }
        return lines.map { "\($0)\n" }.joined()
    }

    /// The backend, and the frontend where the contract names its own.
    private var parts: [Part] {
        let document = self.document
        let backend = Part(title: "\(self.name.rawValue) backend", document: document["backend"] ?? .null)
        guard self.name == .taskflow else { return [backend] }
        return [backend, Part(title: "\(self.name.rawValue) frontend", document: document["frontend"] ?? .null)]
    }
}

/// One image of a contract.
private struct Part {
    struct Row {
        var name: String
        var text: String
        var source: Source
    }

    /// Where a figure comes from, as the document says it.
    struct Source {
        var text: String

        /// `000`, or `silent`.
        var short: String {
            self.reason == nil ? String(self.text.dropFirst("seed ".count)) : "silent"
        }

        /// Why the figure is as it is where the seed is silent.
        var reason: String? {
            let mark = "silent: "
            return self.text.hasPrefix(mark) ? String(self.text.dropFirst(mark.count)) : nil
        }
    }

    let title: String
    /// The figures that have a value each.
    private(set) var figures: [Row] = []
    /// Keys and remarks, a line each.
    private(set) var lists: [String] = []

    init(title: String, document: JSONValue) {
        self.title = title
        for figure in document.object ?? JSONObject() {
            if let elements = figure.value.array {
                self.lists += elements.map(line)
            } else if let source = figure.value["source"]?.string {
                self.figures.append(
                    Row(name: figure.key, text: text(figure.value["value"]), source: Source(text: source))
                )
            } else {
                for part in figure.value.object ?? JSONObject() {
                    let source = Source(text: part.value["source"]?.string ?? "")
                    self.figures.append(
                        Row(name: "\(figure.key) \(part.key)", text: text(part.value["value"]), source: source)
                    )
                }
            }
        }
    }
}

/// A key of the Secret or ConfigMap, or a remark.
private func line(_ element: JSONValue) -> String {
    let source = Part.Source(text: element["source"]?.string ?? "").short
    guard let key = element["key"]?.string, let variable = element["variable"]?.string else {
        return "- \(text(element["value"])) · \(source)"
    }
    let name = key == variable ? "`\(key)`" : "`\(key)` as `\(variable)`"
    guard let needed = element["needed"]?.string else {
        let rule = element["rule"]?.string.map { "; \($0)" } ?? ""
        return "- ConfigMap \(name): \(text(element["value"]))\(rule) · \(source)"
    }
    let generated = element["generated"] == nil ? "" : "; generated where nobody supplies it"
    return "- Secret \(name): needed \(needed); \(element["rule"]?.string ?? "")\(generated) · \(source)"
}

/// A figure's value in a few words.
private func text(_ value: JSONValue?) -> String {
    switch value {
    case .none, .null: "none"
    case .bool(let flag): flag ? "yes" : "no"
    case .string(let text): text
    case .array(let elements) where elements.isEmpty: "none"
    case .array(let elements): elements.map { text($0) }.joined(separator: ", ")
    case .object(let members) where members.isEmpty: "none"
    case .object(let members): members.map { "\($0.key) \(text($0.value))" }.joined(separator: ", ")
    case .some(let number): number.text()
    }
}
