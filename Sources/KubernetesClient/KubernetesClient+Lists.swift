internal import HTTPTransport
public import JSON
public import KubernetesAPI

/// Which objects of a type are meant, and in which form.
public struct Selection: Sendable, Equatable {
    /// The type.
    public var type: ResourceType
    /// The namespace; `nil` for all.
    public var namespace: String?
    /// A selector such as `app=web,tier!=cache`; empty for all.
    public var labelSelector: String
    /// A selector such as `metadata.name=x`; empty for all.
    public var fieldSelector: String
    /// How much of each object is sent.
    public var representation: Representation

    /// How much of an object the server sends.
    public enum Representation: Sendable, Equatable {
        /// All of it.
        case whole
        /// Its metadata alone: for types whose contents are large or secret.
        case metadata
    }

    /// A selection by its parts.
    public init(
        _ type: ResourceType,
        namespace: String? = nil,
        labelSelector: String = "",
        fieldSelector: String = "",
        representation: Representation = .whole
    ) {
        self.type = type
        self.namespace = namespace
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.representation = representation
    }
}

/// What a page of a list says beside its objects.
public struct ListPage: Sendable, Equatable {
    /// The state of the whole collection; where to begin to watch.
    public var resourceVersion: ResourceVersion
    /// What to ask the next page with; empty on the last one.
    public var continueToken: String

    /// A page by its parts.
    public init(resourceVersion: ResourceVersion, continueToken: String) {
        self.resourceVersion = resourceVersion
        self.continueToken = continueToken
    }
}

extension KubernetesClient {
    /// Reads one page of a list; each object is handed over as soon as its last byte has come, so that a page is never
    /// held whole.
    ///
    /// Objects come without their `managedFields`, which are as large as all the rest and which a copy has no use for.
    ///
    /// - Parameters:
    ///   - selection: Which objects are meant.
    ///   - limit: How many objects a page holds at most.
    ///   - continueToken: From the page before; empty for the first.
    ///   - begin: Called before the first object, and again if the page is read anew after a passing failure:
    ///     what the page gave so far is void then.
    ///   - each: Takes an object.
    public func list(
        _ selection: Selection,
        limit: Int,
        continueToken: String = "",
        begin: () -> Void = {},
        each: (JSONValue) -> Void
    ) async throws(KubernetesClientError) -> ListPage {
        try await self.items(selection, limit: limit, continueToken: continueToken, begin: begin) {
            (item) throws(KubernetesClientError.Cause) in
            each(try parsed(item, limits: .collections))
        }
    }

    /// The same with objects of which no more than the metadata has been read.
    public func objects(
        _ selection: Selection,
        limit: Int,
        continueToken: String = "",
        begin: () -> Void = {},
        each: (DynamicObject) -> Void
    ) async throws(KubernetesClientError) -> ListPage {
        try await self.items(selection, limit: limit, continueToken: continueToken, begin: begin) {
            (item) throws(KubernetesClientError.Cause) in
            each(try object(item))
        }
    }

    private func items(
        _ selection: Selection,
        limit: Int,
        continueToken: String,
        begin: () -> Void,
        each: (ArraySlice<UInt8>) throws(KubernetesClientError.Cause) -> Void
    ) async throws(KubernetesClientError) -> ListPage {
        var query = Query()
        query.append("limit", limit > 0 ? "\(limit)" : "")
        query.append("continue", continueToken)
        query.append("labelSelector", selection.labelSelector)
        query.append("fieldSelector", selection.fieldSelector)
        let call = Call(
            operation: operation("list", selection),
            method: "GET",
            target: query.target(selection.type.path(namespace: selection.namespace)),
            accept: accept(selection.representation, list: true),
            repeatability: .harmless
        )
        return try await self.repeating(call) { response throws(KubernetesClientError.Cause) in
            begin()
            var splitter = JSONListSplitter()
            while let chunk = try await nextChunk(of: response) {
                splitter.append(chunk)
                while let item = try nextItem(of: &splitter) { try each(item) }
            }
            let metadata = try envelope(of: &splitter)["metadata"]
            return ListPage(
                resourceVersion: ResourceVersion(metadata?["resourceVersion"]?.string ?? ""),
                continueToken: metadata?["continue"]?.string ?? ""
            )
        }
    }
}

extension JSONLimits {
    /// How the objects of lists and watches are read.
    static let collections = JSONLimits(omittedKey: "managedFields")
}

func operation(_ verb: String, _ selection: Selection) -> KubernetesClientError.Operation {
    KubernetesClientError.Operation(
        verb: verb,
        resource: selection.type.resourceName,
        subject: selection.namespace.map { "in namespace \($0)" } ?? ""
    )
}

/// The media type that asks for whole objects, or for their metadata.
func accept(_ representation: Selection.Representation, list: Bool) -> String {
    switch representation {
    case .whole: "application/json"
    case .metadata:
        "application/json;as=\(list ? "PartialObjectMetadataList" : "PartialObjectMetadata");g=meta.k8s.io;v=v1"
    }
}

// MARK: - The stream of bytes, in pieces

/// An object of which the metadata is read.
func object(_ bytes: ArraySlice<UInt8>) throws(KubernetesClientError.Cause) -> DynamicObject {
    do {
        return try DynamicObject(parsing: bytes)
    } catch {
        throw .unreadableAnswer("\(error)")
    }
}

func nextItem(of splitter: inout JSONListSplitter) throws(KubernetesClientError.Cause) -> ArraySlice<UInt8>? {
    do {
        return try splitter.next()
    } catch {
        throw .unreadableAnswer("\(error)")
    }
}

func envelope(of splitter: inout JSONListSplitter) throws(KubernetesClientError.Cause) -> JSONValue {
    do {
        return try splitter.finish()
    } catch {
        throw .unreadableAnswer("\(error)")
    }
}

func nextChunk(of response: HTTPResponse) async throws(KubernetesClientError.Cause) -> [UInt8]? {
    try await nextChunk(of: response.body)
}

func nextChunk(of body: HTTPBody) async throws(KubernetesClientError.Cause) -> [UInt8]? {
    do {
        return try await body.next()
    } catch {
        throw .transport(error)
    }
}
