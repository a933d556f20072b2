/// What a person may have meant who wrote a name that does not exist.
public enum Suggestion {
    /// `; did you mean "replicas"?`, or nothing where no candidate is near.
    public static func clause(for name: String, among candidates: [String]) -> String {
        guard let candidate = Self.nearest(to: name, among: candidates) else { return "" }
        return "; did you mean \"\(candidate)\"?"
    }

    /// The candidate that is at most two slips away, and one for every three letters of the name.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        let folded = Self.folded(name)
        let allowance = min(2, folded.count / 3)
        var best: (candidate: String, slips: Int)?
        for candidate in candidates {
            let slips = Self.slips(from: folded, to: Self.folded(candidate))
            guard slips <= allowance, slips < best?.slips ?? .max else { continue }
            best = (candidate, slips)
        }
        return best?.candidate
    }

    /// Upper case, `-` and `_` are what people get wrong most: `image_pull_policy`, `database-url`.
    private static func folded(_ name: String) -> [UInt8] {
        name.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
    }

    /// How many letters must be put in, taken out, replaced, or swapped with their neighbour.
    private static func slips(from left: [UInt8], to right: [UInt8]) -> Int {
        // A name of a manifest is short; whoever sends a long one gets no suggestion, and no quadratic work.
        guard left.count <= 64, right.count <= 64, !left.isEmpty, !right.isEmpty else { return .max }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for i in 1...left.count {
            var row = [Int](repeating: i, count: right.count + 1)
            for j in 1...right.count {
                let cost = left[i - 1] == right[j - 1] ? 0 : 1
                row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
