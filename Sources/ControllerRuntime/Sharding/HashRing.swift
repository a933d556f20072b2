internal import KubernetesAPI

/// Which of several members each key belongs to: every member stands at many points of a ring, and a key belongs to the one
/// whose point comes next behind the key's own.
///
/// *Guarantees*: the same members give the same ring in every process and on every machine, whatever their order. When a member comes or
/// goes, no key moves between two others.
public struct HashRing: Sendable, Equatable {
    /// Who shares the keys, each once, in order.
    public let members: [String]

    private struct Point: Sendable, Equatable {
        var place: UInt64
        var member: Int
    }

    private let points: [Point]

    /// At how many points each member stands: with 128, the shares of three differ by some tenths.
    private static let pointsOfOne = 128

    /// A ring of these members; one that is named twice counts once.
    public init(_ members: some Sequence<String>) {
        let members = Set(members).sorted()
        self.members = members
        self.points = members.indices.flatMap { index in
            (0..<Self.pointsOfOne).map { Point(place: place(of: "\(members[index])#\($0)"), member: index) }
        }.sorted { ($0.place, $0.member) < ($1.place, $1.member) }
    }

    /// The member that a key belongs to; `nil` where there is none.
    public func owner(of key: String) -> String? {
        guard let first = self.points.first else { return nil }
        let place = place(of: key)
        var (low, high) = (0, self.points.count)
        while low < high {
            let middle = (low + high) / 2
            if self.points[middle].place < place { low = middle + 1 } else { high = middle }
        }
        return self.members[(low < self.points.count ? self.points[low] : first).member]
    }

    /// Two rings are the same whose members are.
    public static func == (left: HashRing, right: HashRing) -> Bool { left.members == right.members }
}

/// A text's place on a ring.
private func place(of text: String) -> UInt64 {
    var hash = StableHash()
    hash.combine(text)
    return hash.value
}
