internal import TodoAppOperator

/// The rules about stages and what they stand on.
struct BaseRules {
    let check: DockerfileCheck

    func findings() -> [Finding] {
        self.tags() + self.lastBase() + self.stages()
    }

    private func tags() -> [Finding] {
        let stages = self.check.dockerfile.stages
        return stages.indices.compactMap { index in
            let stage = stages[index]
            guard self.check.dockerfile.parent(of: index) == nil, stage.base != "scratch" else { return nil }
            let image = ImageName(stage.base)
            guard !stage.base.isEmpty, !image.name.isEmpty else {
                return Finding(.baseTag, "the base image's name is in an ARG without a default", at: .line(stage.line))
            }
            guard !image.isDigest else { return nil }
            switch image.tag {
            case .none: return Finding(.baseTag, "\(stage.base) has no version", at: .line(stage.line))
            case .some("latest"):
                return Finding(.baseTag, "\(stage.base) is another image every week", at: .line(stage.line))
            default: return nil
            }
        }
    }

    private func lastBase() -> [Finding] {
        let stage = self.check.dockerfile.stages[self.check.dockerfile.lastLineage[0]]
        let wanted = self.check.contract.base.value.reference
        guard !ImageName(stage.base).isVariant(of: ImageName(wanted)) else { return [] }
        return [Finding(.baseImage, "it stands on \(stage.base), the contract says \(wanted)", at: .line(stage.line))]
    }

    private func stages() -> [Finding] {
        let copies = self.check.lastInstructions.contains { $0.keyword == .copy && $0.flags["from"] != nil }
        guard self.check.dockerfile.stages.count == 1 || !copies else { return [] }
        let message =
            self.check.dockerfile.stages.count == 1
            ? "there is one stage; what builds must not be in what runs"
            : "the last stage copies nothing from another one: what builds is in what runs"
        return [Finding(.multiStage, message, at: .line(self.check.lastLine))]
    }
}

/// An image's name taken apart.
struct ImageName: Equatable {
    /// Without registry and folders: mirrors have their own.
    var name: String
    var tag: String?
    var isDigest: Bool

    init(_ reference: String) {
        let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        self.isDigest = parts.count > 1
        let last = parts[0].split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let pieces = last.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        self.name = String(pieces.first ?? "")
        self.tag = pieces.count > 1 ? String(pieces[1]) : nil
    }

    /// Whether this is the other image, or says more exactly which of it: `3.13.1-slim-bookworm` is a `3.13-slim`.
    func isVariant(of other: ImageName) -> Bool {
        guard self.name == other.name, let tag, let wanted = other.tag else { return self == other }
        let (mine, theirs) = (tag.split(separator: "-"), wanted.split(separator: "-"))
        guard let version = mine.first, let wantedVersion = theirs.first else { return false }
        let isVersion = version == wantedVersion || version.hasPrefix("\(wantedVersion).")
        // `alpine3.21` is alpine.
        return isVersion && theirs.dropFirst().allSatisfy { part in mine.dropFirst().contains { $0.hasPrefix(part) } }
    }
}
