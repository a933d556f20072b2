internal import CZlib

/// Looks for secrets in what passes by, piece by piece: what lies across the border of two pieces is found as well.
struct ContentScanner {
    /// What is looked for and told.
    enum Match: Hashable {
        /// A secret by its looks.
        case shape(String)
        /// The text of this number among those that the caller named.
        case canary(Int)
    }

    private let needles: [(bytes: [UInt8], kind: Kind)]
    private let reach: Int
    /// The end of the last piece.
    private var tail: [UInt8] = []
    private(set) var matches: Set<Match> = []

    private enum Kind {
        case shape(SecretShape)
        case canary(Int)
    }

    /// - Parameter canaries: Texts that must be nowhere.
    init(canaries: [String]) {
        let shapes = SecretShape.inFiles.map { (bytes: $0.prefix, kind: Kind.shape($0)) }
        let named = canaries.enumerated().map { (bytes: Array($0.element.utf8), kind: Kind.canary($0.offset)) }
        self.needles = shapes + named.filter { !$0.bytes.isEmpty }
        self.reach = (named.map { $0.bytes.count } + [SecretShape.reach + 32]).max() ?? 0
    }

    /// Another file begins.
    mutating func begin() {
        self.tail = []
        self.matches = []
    }

    /// The next piece of the file.
    mutating func scan(_ piece: ArraySlice<UInt8>) {
        let bytes = self.tail + piece
        for (needle, kind) in self.needles {
            var from = 0
            while let start = find(needle, in: bytes, from: from) {
                switch kind {
                case .shape(let shape):
                    if shape.matches(bytes, at: start) { self.matches.insert(.shape(shape.name)) }
                case .canary(let number):
                    self.matches.insert(.canary(number))
                }
                from = start + 1
            }
        }
        self.tail = Array(bytes.suffix(self.reach))
    }
}

/// Where the needle begins, from a place on.
///
/// Libc's search: these are hundreds of megabytes.
private func find(_ needle: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
    let found = unsafe bytes.withUnsafeBufferPointer { hay in
        unsafe needle.withUnsafeBufferPointer { needle in
            unsafe todoapp_find(hay.baseAddress, hay.count, from, needle.baseAddress, needle.count)
        }
    }
    return found < 0 ? nil : found
}
