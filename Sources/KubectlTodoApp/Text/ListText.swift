internal import TodoAppAPI
internal import TodoAppOperator

extension AppList {
    /// The list as lines of text.
    ///
    /// - Parameter now: Seconds since 1970, for the ages; `nil` leaves them out, for telling whether anything changed.
    public func lines(_ style: Style, now: Double?) -> [String] {
        guard !self.rows.isEmpty else {
            return ["there is no TodoApp" + (self.namespace.map { " in namespace \"\($0)\"; -A lists all" } ?? "")]
        }
        let table = self.rows.map { row in
            let age = now.flatMap { now in Timestamp.seconds(row.created).map { ageText(since: $0, now: now) } } ?? ""
            return [row.namespace, row.name, row.status] + row.components + [age, row.summary]
        }
        let titles =
            ["NAMESPACE", "NAME", "STATUS"] + ComponentName.allCases.map { $0.rawValue.uppercased() }
            + ["AGE", "SUMMARY"]
        let shown = titles.indices.filter { column in
            column == 0 ? self.namespace == nil : table.contains { !$0[column].isEmpty }
        }
        let widths = titles.indices.map { column in
            max(titles[column].count, table.map { $0[column].count }.max() ?? 0)
        }

        var header = InkedLine()
        header.append("  ")
        for column in shown {
            header.append(titles[column], .faint, paddedTo: widths[column] + 2)
        }
        return [header.text(style)]
            + zip(self.rows, table).map { row, texts in
                var line = InkedLine()
                line.append(style.sign(row.mark), .mark(row.mark))
                line.append(" ")
                for column in shown {
                    let ink: Ink = titles[column] == "STATUS" ? .mark(row.mark) : .plain
                    line.append(texts[column], ink, paddedTo: widths[column] + 2)
                }
                return line.text(style)
            }
    }
}
