internal import JSON

/// `manifest.json`, in which `docker save` says what belongs to which image.
enum DockerManifest {
    /// The only image, or the one of this name.
    static func find(in members: ArchiveMembers, image name: String?) throws(ArchiveError) -> FoundImage {
        guard let images = try members.document("manifest.json").array, !images.isEmpty else {
            throw .isNoImage("manifest.json names no image")
        }
        var found: [FoundImage] = []
        for image in images {
            guard let configuration = image["Config"]?.string, let layers = image["Layers"]?.array else {
                throw .isBroken("manifest.json: Config and Layers are missing")
            }
            let paths = layers.compactMap(\.string)
            guard paths.count == layers.count else { throw .isBroken("manifest.json: a layer has no name") }
            let names = (image["RepoTags"]?.array ?? []).compactMap(\.string)
            let parts = [configuration] + paths
            // What is looked up is only ever another member; a name that leads elsewhere shows what was meant.
            guard parts.allSatisfy({ !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") }) else {
                throw .isHostile("manifest.json leads out of the archive")
            }
            found.append(FoundImage(format: .docker, names: names, configuration: configuration, layers: paths))
        }
        return try found.chosen(by: name)
    }
}

extension [FoundImage] {
    /// The only one, or the one of this name; buildah and podman put a registry before a name that has none.
    func chosen(by name: String?) throws(ArchiveError) -> FoundImage {
        guard let name else {
            guard self.count == 1 else {
                throw .isUnsupported("the archive holds several images; --image says which: \(self.listedNames)")
            }
            return self[0]
        }
        guard let image = self.first(where: { $0.names.contains { $0 == name || $0.hasSuffix("/\(name)") } }) else {
            throw .isNoImage("no image in there is called \(ImagePath.shown(name)); there are: \(self.listedNames)")
        }
        return image
    }

    private var listedNames: String {
        let names = self.map { ImagePath.shown($0.names.first ?? "one without a name") }
        return names.prefix(10).joined(separator: ", ")
    }
}
