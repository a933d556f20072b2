internal import JSON

/// The API server's books on who owns which fields of an object.
struct ManagedFields: Equatable {
    /// Under which an entry is kept.
    struct Manager: Hashable {
        enum Operation: String {
            case apply = "Apply"
            case update = "Update"
        }

        var name: String
        var operation: Operation
        /// An apply takes its entry along from one version of the type to the next.
        var apiVersion: String
        var subresource: String

        fileprivate func isSame(as other: Manager) -> Bool {
            self.name == other.name && self.operation == other.operation && self.subresource == other.subresource
                && (self.operation == .apply || self.apiVersion == other.apiVersion)
        }
    }

    private struct Entry: Equatable {
        var manager: Manager
        var fields: FieldSet
        var time: String
    }

    /// Whom an apply meets, and in which fields.
    struct Conflict {
        var manager: Manager
        var fields: FieldSet
    }

    private var entries: [Entry] = []

    /// The books as an object carries them; what cannot be read is left out.
    init(json: JSONValue?) {
        for entry in json?.array ?? [] {
            guard
                let name = entry["manager"]?.string,
                let operation = (entry["operation"]?.string).flatMap(Manager.Operation.init(rawValue:))
            else { continue }
            let manager = Manager(
                name: name,
                operation: operation,
                apiVersion: entry["apiVersion"]?.string ?? "",
                subresource: entry["subresource"]?.string ?? ""
            )
            let fields = FieldSet(fieldsV1: entry["fieldsV1"] ?? [:])
            self.entries.append(Entry(manager: manager, fields: fields, time: entry["time"]?.string ?? ""))
        }
    }

    /// The books as an object carries them; `nil` where nobody owns anything.
    var json: JSONValue? {
        guard !self.entries.isEmpty else { return nil }
        return .array(
            self.entries.map { entry in
                var json: JSONValue = [
                    "manager": .string(entry.manager.name), "operation": .string(entry.manager.operation.rawValue),
                    "apiVersion": .string(entry.manager.apiVersion), "time": .string(entry.time),
                    "fieldsType": "FieldsV1", "fieldsV1": entry.fields.fieldsV1,
                ]
                if !entry.manager.subresource.isEmpty {
                    json["subresource"] = .string(entry.manager.subresource)
                }
                return json
            }
        )
    }

    /// What a manager owns.
    func fields(of manager: Manager) -> FieldSet {
        self.entries.first { $0.manager.isSame(as: manager) }?.fields ?? FieldSet()
    }

    /// What anybody owns.
    var allFields: FieldSet {
        self.entries.reduce(FieldSet()) { $0.union($1.fields) }
    }

    /// What others own of what a write changes.
    func conflicts(of manager: Manager, writing comparison: FieldComparison) -> [Conflict] {
        let written = comparison.written
        return self.entries.compactMap { entry in
            guard !entry.manager.isSame(as: manager) else { return nil }
            let fields = entry.fields.intersection(written)
            return fields.isEmpty ? nil : Conflict(manager: entry.manager, fields: fields)
        }
    }

    // MARK: Writing

    /// Drops a manager's entry.
    mutating func forget(_ manager: Manager) {
        self.entries.removeAll { $0.manager.isSame(as: manager) }
    }

    /// Notes a plain write: who wrote owns what it added and changed, and nobody owns what is gone.
    mutating func update(by manager: Manager, _ comparison: FieldComparison, at time: String) {
        self.takeAway(comparison, from: manager)
        let fields = self.fields(of: manager).subtracting(comparison.removed).union(comparison.written)
        self.set(fields, for: manager, at: time)
    }

    /// Notes an apply: who applied owns what it named, no less and no more.
    mutating func apply(by manager: Manager, _ fields: FieldSet, _ comparison: FieldComparison, at time: String) {
        self.takeAway(comparison, from: manager)
        self.set(fields, for: manager, at: time)
    }

    private mutating func takeAway(_ comparison: FieldComparison, from writer: Manager) {
        let lost = comparison.written.union(comparison.removed)
        for index in self.entries.indices where !self.entries[index].manager.isSame(as: writer) {
            self.entries[index].fields = self.entries[index].fields.subtracting(lost)
        }
        self.entries.removeAll { $0.fields.isEmpty }
    }

    private mutating func set(_ fields: FieldSet, for manager: Manager, at time: String) {
        guard let index = self.entries.firstIndex(where: { $0.manager.isSame(as: manager) }) else {
            if !fields.isEmpty {
                self.entries.append(Entry(manager: manager, fields: fields, time: time))
            }
            return
        }
        // The time is that of the last change: an apply that changes nothing must change nothing.
        if self.entries[index].fields != fields || self.entries[index].manager != manager {
            self.entries[index] = Entry(manager: manager, fields: fields, time: time)
        }
        if fields.isEmpty { self.entries.remove(at: index) }
    }
}
