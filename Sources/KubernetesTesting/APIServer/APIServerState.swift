internal import JSON
internal import KubernetesAPI

/// The API server as a pure state machine: requests go in, answers come out, nothing waits.
struct APIServerState {
    /// What a request gets, unless it is refused.
    enum Answer {
        case document(JSONValue, code: Int = 200)
        /// A stream that begins here.
        case watch(WatchCursor)
    }

    let options: SimulatedAPIServer.Options
    var resources: [SimulatedResource]
    var store: ObjectStore
    /// The identities of all objects that are there.
    var identities: Set<String> = []
    /// Whether the controllers have something to do: an object was deleted, or has no owner.
    var needsControllers = false
    private var random: SeededRandom

    init(options: SimulatedAPIServer.Options) {
        self.options = options
        self.resources = SimulatedResource.builtIn + options.resources
        self.store = ObjectStore(historyLimit: options.historyLimit)
        self.random = SeededRandom(seed: options.seed)
        for name in ["default", "kube-system"] {
            let namespace: JSONValue = [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
            ]
            _ = try? self.create(.namespaces, namespace: nil, namespace, writer: Writer(fieldManager: "kube-apiserver"))
        }
    }

    /// Answers a request.
    mutating func answer(_ request: APIRequest) throws(APIFailure) -> Answer {
        guard case .objects(let resource, let namespace, let name, let subresource) = request.target else {
            return .document(try self.document(request.path))
        }
        switch request.verb {
        case .list:
            return .document(try self.list(resource, namespace: namespace, request))
        case .watch:
            return .watch(try self.cursor(resource, namespace: namespace, request))
        case .deletecollection:
            return .document(try self.deleteCollection(resource, namespace: namespace, request))
        case .get, .create, .update, .patch, .delete:
            let key = ObjectKey(namespace: namespace, name: name ?? "")
            let isNew = request.verb == .create || self.isApplyToNothing(request, resource, key)
            guard request.isDryRun else {
                return .document(try self.object(request, resource, key, subresource), code: isNew ? 201 : 200)
            }
            // A copy answers, and is thrown away.
            var rehearsal = self
            return .document(try rehearsal.object(request, resource, key, subresource), code: isNew ? 201 : 200)
        }
    }

    private func isApplyToNothing(_ request: APIRequest, _ resource: SimulatedResource, _ key: ObjectKey) -> Bool {
        request.contentType == PatchKind.apply.rawValue && self.store.object(resource.name, key) == nil
    }

    /// The verbs that answer with one object.
    private mutating func object(
        _ request: APIRequest,
        _ resource: SimulatedResource,
        _ key: ObjectKey,
        _ subresource: String
    ) throws(APIFailure) -> JSONValue {
        let writer = Writer(fieldManager: request.fieldManager, subresource: subresource)
        var object: JSONValue
        switch request.verb {
        case .create:
            guard resource.type.isNamespaced == (key.namespace != nil) else { throw .methodNotAllowed("POST") }
            let manifest = request.body ?? [:]
            object = try self.create(resource, namespace: key.namespace, manifest, writer: writer)
        case .update:
            object = try self.update(resource, key, request.body ?? [:], writer: writer)
        case .patch:
            object = try self.patch(resource, key, request, writer: writer)
        case .delete:
            object = try self.delete(resource, key, DeleteOptions(request))
        case .get, .list, .watch, .deletecollection:
            guard let live = self.store.object(resource.name, key) else { throw .notFound(resource.type, key.name) }
            object = live
        }
        if object["kind"]?.string != "Status" {
            object = Self.shown(object, as: resource, metadataOnly: request.isMetadataOnly)
        }
        return object
    }

    /// An object as a version of its type shows it, or its metadata alone.
    static func shown(_ object: JSONValue, as resource: SimulatedResource, metadataOnly: Bool) -> JSONValue {
        if metadataOnly {
            return [
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
                "metadata": object["metadata"] ?? [:],
            ]
        }
        guard object["apiVersion"]?.string != resource.type.apiVersion else { return object }
        var shown = object
        shown["apiVersion"] = .string(resource.type.apiVersion)
        return shown
    }

    // MARK: Chance and time

    /// An identity that no other object ever has.
    mutating func identity() -> String {
        let (high, low) = (self.random.next(), self.random.next())
        let digits = Self.hex(high) + Self.hex(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            // The version of a random identity, and its variant.
            text.append(index == 12 ? "4" : index == 16 ? "a" : digit)
        }
        return text
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The end of a generated name: five characters that spell nothing.
    mutating func nameEnd() -> String {
        let letters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<5).compactMap { _ in letters.randomElement(using: &self.random) })
    }

    /// Now, as Kubernetes writes it.
    var timestamp: String { timestampText(self.options.wallClock()) }
}

/// A time as RFC 3339 in UTC, to the second.
///
/// - Parameter seconds: Since 1970.
func timestampText(_ seconds: Double) -> String {
    let total = Int(seconds.rounded(.down))
    let (days, second) = (total / 86_400, total % 86_400)
    // Days are counted from 1 March of the year 0, so that the leap day comes last.
    let shifted = days + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = [second / 3600, second / 60 % 60, second % 60].map(two).joined(separator: ":")
    return "\(year)-\(two(month))-\(two(day))T\(clock)Z"
}
