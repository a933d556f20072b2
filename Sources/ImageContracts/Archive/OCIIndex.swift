internal import JSON

/// `index.json` and what it leads to: the OCI image layout.
enum OCIIndex {
    /// The only image, or the one of this name or platform.
    static func find(in members: ArchiveMembers, image name: String?) throws(ArchiveError) -> FoundImage {
        var found: [FoundImage] = []
        for descriptor in try manifests(of: try members.document("index.json"), named: "index.json") {
            let document = try members.document(try Self.path(of: descriptor))
            if document["manifests"] == nil {
                found.append(try Self.image(document, descriptor, outer: nil))
                continue
            }
            // One level of platforms, and no index within an index within an index.
            for inner in try manifests(of: document, named: "an image index") {
                found.append(try Self.image(try members.document(try Self.path(of: inner)), inner, outer: descriptor))
            }
        }
        guard !found.isEmpty else { throw .isNoImage("index.json names no image") }
        return try found.chosen(by: name)
    }

    /// What builders attest of an image stands among the images; it is none.
    private static func manifests(of index: JSONValue, named name: String) throws(ArchiveError) -> [JSONValue] {
        guard let manifests = index["manifests"]?.array else { throw .isBroken("\(name) has no manifests") }
        guard manifests.count <= 100 else { throw .isTooLarge("\(name) has more than 100 manifests") }
        return manifests.filter { manifest in
            manifest["annotations"]?["vnd.docker.reference.type"] == nil
                && manifest["platform"]?["os"]?.string != "unknown"
        }
    }

    private static func image(
        _ manifest: JSONValue,
        _ descriptor: JSONValue,
        outer: JSONValue?
    ) throws(ArchiveError) -> FoundImage {
        guard let configuration = manifest["config"], let layers = manifest["layers"]?.array else {
            throw .isBroken("a manifest has no config or no layers")
        }
        var paths: [String] = []
        for layer in layers {
            guard layer["urls"] == nil else { throw .isUnsupported("a layer lies elsewhere and not in the archive") }
            paths.append(try Self.path(of: layer))
        }
        return FoundImage(
            format: .oci,
            names: Self.names(descriptor) + (outer.map(Self.names) ?? []),
            configuration: try Self.path(of: configuration),
            layers: paths
        )
    }

    private static func names(_ descriptor: JSONValue) -> [String] {
        let annotations = descriptor["annotations"]
        var names = ["io.containerd.image.name", "org.opencontainers.image.ref.name"].compactMap {
            annotations?[$0]?.string
        }
        if let system = descriptor["platform"]?["os"]?.string,
            let architecture = descriptor["platform"]?["architecture"]?.string
        {
            names.append("\(system)/\(architecture)")
        }
        return names
    }

    /// `blobs/sha256/…`, in which nothing but letters and digits stands.
    private static func path(of descriptor: JSONValue) throws(ArchiveError) -> String {
        guard let digest = descriptor["digest"]?.string else { throw .isBroken("a descriptor has no digest") }
        let parts = digest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 128 && $0.utf8.allSatisfy(\.isInDigest) })
        else { throw .isHostile("a digest is none: \(ImagePath.shown(digest))") }
        return "blobs/\(parts[0])/\(parts[1])"
    }
}

extension UInt8 {
    fileprivate var isInDigest: Bool { (48...57).contains(self) || (97...122).contains(self) }
}
