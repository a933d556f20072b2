internal import TodoAppOperator

extension TreeNode {
    /// The tree as lines of text: a table whose first column is the tree, causes and hints below what they are about.
    ///
    /// - Parameter now: Seconds since 1970, for the ages; `nil` leaves them out, for telling whether anything changed.
    public func lines(_ style: Style, now: Double?) -> [String] {
        TreeTable(self, style, now: now).lines
    }
}

/// A tree on its way to text.
private struct TreeTable {
    /// A line of the table, or a note that runs over all columns.
    private enum Line {
        case row(branches: String, node: TreeNode)
        case note(branches: String, note: TreeNode.Note, mark: TreeNode.Mark)
    }

    /// A column behind the tree.
    private enum Column: CaseIterable {
        case ready
        case status
        case restarts
        case age
        case info

        var title: String {
            switch self {
            case .ready: "READY"
            case .status: "STATUS"
            case .restarts: "RESTARTS"
            case .age: "AGE"
            case .info: "INFO"
            }
        }
    }

    private let style: Style
    private let now: Double?
    private var content: [Line] = []

    init(_ root: TreeNode, _ style: Style, now: Double?) {
        self.style = style
        self.now = now
        self.add(root, own: "", below: "")
    }

    private mutating func add(_ node: TreeNode, own: String, below: String) {
        self.content.append(.row(branches: own, node: node))
        let branches = self.style.branches
        let beside = below + (node.children.isEmpty ? branches.none : branches.through)
        self.content += node.notes.map { .note(branches: beside, note: $0, mark: node.mark) }
        for (index, child) in node.children.enumerated() {
            let isLast = index == node.children.count - 1
            self.add(
                child,
                own: below + (isLast ? branches.last : branches.child),
                below: below + (isLast ? branches.none : branches.through)
            )
        }
    }

    var lines: [String] {
        let nameWidth = self.nodes.map { $0.branches.count + 2 + $0.node.name.count }.max() ?? 0
        let columns = self.columns(beside: nameWidth)
        var header = InkedLine()
        header.append("NAME", .faint, paddedTo: nameWidth)
        for (column, width) in columns {
            header.append("  ")
            header.append(column.title, .faint, paddedTo: width)
        }
        return [header.text(self.style)]
            + self.content.flatMap { line in
                switch line {
                case .row(let branches, let node): [self.row(node, branches, nameWidth, columns).text(self.style)]
                case .note(let branches, let note, let mark): self.note(note, branches, mark)
                }
            }
    }

    private var nodes: [(branches: String, node: TreeNode)] {
        self.content.compactMap { line in
            guard case .row(let branches, let node) = line else { return nil }
            return (branches, node)
        }
    }

    // MARK: Columns

    /// The columns that say something and fit, with their widths.
    ///
    /// Only the last one may be cut: where there is no room for all, those that are missed least are left out.
    private func columns(beside nameWidth: Int) -> [(column: Column, width: Int)] {
        var columns = Column.allCases.compactMap { column -> (column: Column, width: Int)? in
            let texts = self.nodes.map { self.text(column, $0.node) }
            guard texts.contains(where: { !$0.isEmpty }) else { return nil }
            return (column, max(column.title.count, texts.map(\.count).max() ?? 0))
        }
        guard let limit = self.style.width else { return columns }
        let isRestarted = self.nodes.contains { ($0.node.restarts ?? 0) > 0 }
        let dispensable: [Column] = isRestarted ? [.info, .age, .restarts] : [.info, .restarts, .age]
        for column in dispensable {
            let fixed = columns.filter { $0.column != .info }.reduce(nameWidth) { $0 + 2 + $1.width }
            // Information that is cut down to a word or two is none.
            let least = columns.contains { $0.column == .info } ? 2 + shortestInfo : 0
            if fixed + least <= limit { break }
            columns.removeAll { $0.column == column }
        }
        return columns
    }

    private func text(_ column: Column, _ node: TreeNode) -> String {
        switch column {
        case .ready: return node.ready
        case .status: return node.status
        case .restarts: return node.restarts.map { "\($0)" } ?? ""
        case .age:
            guard let now, let created = Timestamp.seconds(node.created) else { return "" }
            return ageText(since: created, now: now)
        case .info: return node.info
        }
    }

    // MARK: Lines

    private func row(
        _ node: TreeNode,
        _ branches: String,
        _ nameWidth: Int,
        _ columns: [(column: Column, width: Int)]
    ) -> InkedLine {
        var line = InkedLine()
        line.append(branches, .faint)
        line.append(self.style.sign(node.mark), .mark(node.mark))
        line.append(" ")
        let isHeading = node.kind == .app || node.kind == .component
        line.append(node.name, isHeading ? .strong : .plain, paddedTo: nameWidth - branches.count - 2)
        for (column, width) in columns {
            line.append("  ")
            let ink: Ink =
                switch column {
                case .ready, .restarts, .age: .plain
                // A revision's word says which one it is, not how.
                case .status: node.kind == .revision ? .faint : .mark(node.mark)
                case .info: .faint
                }
            line.append(self.text(column, node), ink, paddedTo: width)
        }
        return line
    }

    private func note(_ note: TreeNode.Note, _ branches: String, _ mark: TreeNode.Mark) -> [String] {
        let sign = note.kind == .hint ? self.style.arrow : ""
        let indent = branches + "  "
        let room = self.style.width.map { max(shortestNote, $0 - indent.count - sign.count) } ?? .max
        let ink: Ink =
            switch note.kind {
            case .cause: .mark(mark == .off ? .progress : mark)
            case .hint: .hint
            case .remark: .plain
            }
        return wrapped(note.text, width: room).enumerated().map { index, text in
            var line = InkedLine()
            line.append(indent, .faint)
            line.append(index == 0 ? sign : String(repeating: " ", count: sign.count), .hint)
            line.append(text, ink)
            return line.text(self.style)
        }
    }
}

/// The fewest characters of the last column that are worth their place.
private let shortestInfo = 12

/// The fewest characters that a note's line has, however deep it stands.
private let shortestNote = 24
