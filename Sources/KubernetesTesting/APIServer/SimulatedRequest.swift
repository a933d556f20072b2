/// A request as a ``SimulatedAPIServer`` understood it: what faults are matched with, and what its audit log keeps.
public struct SimulatedRequest: Sendable, Hashable {
    /// What a request does, in RBAC's words.
    public enum Verb: String, Sendable, Hashable {
        case get
        case list
        case watch
        case create
        case update
        case patch
        case delete
        case deletecollection

        /// Whether it can change anything.
        public var isWrite: Bool {
            switch self {
            case .get, .list, .watch: false
            case .create, .update, .patch, .delete, .deletecollection: true
            }
        }
    }

    /// Who asks: the name that the connection was made with.
    public var user: String
    /// What is asked.
    public var verb: Verb
    /// The type, for example `deployments.apps`; a path such as `/version` where no objects are concerned.
    public var resource: String
    /// The namespace; `nil` for all, and for types that live in none.
    public var namespace: String?
    /// The object; empty for a collection, and for a create: the name stands in the body then.
    public var name: String
    /// `status` and the like; empty for the object itself.
    public var subresource: String

    /// A request by its parts.
    public init(
        user: String,
        verb: Verb,
        resource: String,
        namespace: String? = nil,
        name: String = "",
        subresource: String = ""
    ) {
        self.user = user
        self.verb = verb
        self.resource = resource
        self.namespace = namespace
        self.name = name
        self.subresource = subresource
    }
}

extension SimulatedRequest: CustomStringConvertible {
    /// One line: `operator: patch deployments.apps/status shop/web`.
    public var description: String {
        let resource = self.subresource.isEmpty ? self.resource : "\(self.resource)/\(self.subresource)"
        let object = [self.namespace, self.name.isEmpty ? nil : self.name].compactMap { $0 }.joined(separator: "/")
        return "\(self.user): \(self.verb.rawValue) \(resource)" + (object.isEmpty ? "" : " \(object)")
    }
}
