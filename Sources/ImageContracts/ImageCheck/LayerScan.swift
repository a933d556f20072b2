/// Goes through an image's layers from the lowest up, once, and remembers only what may be told: files that hold
/// secrets, programs that build, the accounts.
///
/// A file that a higher layer deletes is still in the lower one.
struct LayerScan {
    /// A file worth telling of.
    struct Suspect {
        var finding: Finding
        /// The layer that deletes or replaces it, from 1 up.
        var hiddenBy: Int?
        /// Whether it matters only while it can be seen in the container.
        var mattersVisibleOnly: Bool
        var path: String
    }

    private let contract: ImageContract
    private let canaries: [String]
    private let limits: ArchiveLimits
    private var scanner: ContentScanner
    private(set) var suspects: [Suspect] = []
    /// Where the suspects are by their path, and the folders in which any are: most entries are neither, and quickly passed.
    private var byPath: [String: [Int]] = [:]
    private var folders: Set<String> = []
    /// The bytes of the files of each layer.
    private(set) var layerSizes: [Int64] = []
    private(set) var accounts = Accounts()
    private var (passwd, group) = ("", "")
    /// Whether there were more suspects than are remembered.
    private(set) var isCutShort = false

    init(contract: ImageContract, canaries: [String], limits: ArchiveLimits) {
        (self.contract, self.canaries, self.limits) = (contract, canaries, limits)
        self.scanner = ContentScanner(canaries: canaries)
    }

    /// Reads the next layer.
    mutating func read(_ tar: TarReader) throws(ArchiveError) {
        let number = self.layerSizes.count + 1
        let name = "layer \(number)"
        var size: Int64 = 0
        while let entry = try tar.next() {
            let path = try ImagePath.normalized(entry.name, in: name)
            if entry.kind == .hardLink { _ = try ImagePath.normalized(entry.linkTarget, in: name) }
            guard !path.isEmpty else { continue }
            size += entry.size
            if self.takeWhiteout(path, in: number) { continue }
            self.hide(path, isFolder: entry.kind == .folder, in: number)
            try self.look(at: entry, path, in: number, tar)
        }
        try tar.drain()
        self.layerSizes.append(size)
        let unpacked = self.layerSizes.reduce(0, +)
        guard unpacked <= self.limits.unpackedBytes else {
            throw .isTooLarge("the layers have more bytes than are read here")
        }
        self.accounts = Accounts(passwd: self.passwd, group: self.group)
    }

    // MARK: - What hides what

    /// `.wh.NAME` deletes the name below, `.wh..wh..opq` all that was in the folder.
    private mutating func takeWhiteout(_ path: String, in layer: Int) -> Bool {
        let name = path.programName
        guard name.hasPrefix(".wh.") else { return false }
        let folder = path.dropLast(name.count)
        let hidden = name == ".wh..wh..opq" ? String(folder.dropLast()) : String(folder) + name.dropFirst(".wh.".count)
        let isContent = name == ".wh..wh..opq"
        self.hideBelow(hidden, in: layer)
        if !isContent { self.hideExactly(hidden, in: layer) }
        return true
    }

    /// A path that comes again replaces what was there; a folder only goes on.
    private mutating func hide(_ path: String, isFolder: Bool, in layer: Int) {
        self.hideExactly(path, in: layer)
        if !isFolder { self.hideBelow(path, in: layer) }
    }

    private mutating func hideExactly(_ path: String, in layer: Int) {
        for index in self.byPath[path, default: []] {
            self.suspects[index].hide(by: layer)
        }
    }

    /// What lies in a folder; an empty path is the image's own root.
    private mutating func hideBelow(_ folder: String, in layer: Int) {
        guard folder.isEmpty || self.folders.contains(folder) else { return }
        for index in self.suspects.indices where folder.isEmpty || self.suspects[index].path.hasPrefix("\(folder)/") {
            self.suspects[index].hide(by: layer)
        }
    }

    // MARK: - What is worth telling

    private mutating func look(
        at entry: TarReader.Entry,
        _ path: String,
        in layer: Int,
        _ tar: TarReader
    ) throws(ArchiveError) {
        guard entry.kind == .file || entry.kind == .symbolicLink || entry.kind == .hardLink else { return }
        let isProgram = ["bin", "sbin", "libexec"].contains(path.split(separator: "/").dropLast().last.map(String.init))
        if isProgram, BuildTools.isProgram(path.programName) {
            self.remember(.buildTools, "what builds is in what runs", path, in: layer, visibleOnly: true)
        }
        if self.isAmongSources(path), self.contract.ignores(path) {
            self.remember(.ignoredFile, "the ignore file should have kept it out", path, in: layer)
        }
        guard entry.kind == .file else { return }
        if SecretNames.isSecret(path: path) {
            self.remember(.secretFile, "such a file holds secrets", path, in: layer)
        }
        try self.readContent(entry, path, in: layer, tar)
    }

    private mutating func readContent(
        _ entry: TarReader.Entry,
        _ path: String,
        in layer: Int,
        _ tar: TarReader
    ) throws(ArchiveError) {
        let isAccounts = path == "etc/passwd" || path == "etc/group"
        var text: [UInt8] = []
        self.scanner.begin()
        while let piece = try tar.piece() {
            self.scanner.scan(piece)
            // The first megabyte of accounts will do.
            if isAccounts, text.count < self.limits.headerBytes { text += piece }
        }
        if path == "etc/passwd" { self.passwd = String(decoding: text, as: UTF8.self) }
        if path == "etc/group" { self.group = String(decoding: text, as: UTF8.self) }
        for match in self.scanner.matches.sorted(by: { "\($0)" < "\($1)" }) {
            switch match {
            case .shape where Self.isLibrary(path): continue
            case .shape(let name): self.remember(.secretContent, "it holds \(name)", path, in: layer)
            case .canary(let number):
                self.remember(.canary, "it holds the text of --canary number \(number + 1)", path, in: layer)
            }
        }
    }

    /// A library of the distribution, such as GnuTLS, which carries the private keys of its self-tests.
    private static func isLibrary(_ path: String) -> Bool {
        let isBelow = path.hasPrefix("usr/lib/") || path.hasPrefix("lib/")
        return isBelow && (path.hasSuffix(".so") || path.programName.firstRange(of: ".so.") != nil)
    }

    /// Below the app's folder, and not what an installer brought there.
    private func isAmongSources(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return parts.count > 1 && parts.first == "app"
            && parts.allSatisfy { ![".venv", "venv", "node_modules", "site-packages", ".next"].contains($0) }
    }

    private mutating func remember(
        _ rule: ImageRule,
        _ message: String,
        _ path: String,
        in layer: Int,
        visibleOnly: Bool = false
    ) {
        guard self.suspects.count < self.limits.findings else {
            self.isCutShort = true
            return
        }
        let finding = Finding(rule, message, at: .layer(layer, path: ImagePath.shown(path)))
        self.byPath[path, default: []].append(self.suspects.count)
        var folder = path[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            self.folders.insert(String(folder))
        }
        self.suspects.append(Suspect(finding: finding, hiddenBy: nil, mattersVisibleOnly: visibleOnly, path: path))
    }
}

extension LayerScan.Suspect {
    /// It is in a lower layer, and this one hides it.
    fileprivate mutating func hide(by layer: Int) {
        guard case .layer(let own, _) = self.finding.place, own < layer, self.hiddenBy == nil else { return }
        self.hiddenBy = layer
    }

    /// What is to be told; `nil` where nothing is, for the container does not see it.
    var told: Finding? {
        guard let hiddenBy else { return self.finding }
        guard !self.mattersVisibleOnly else { return nil }
        var finding = self.finding
        finding.message += "; layer \(hiddenBy) deletes it, and it is still in this one"
        return finding
    }
}
