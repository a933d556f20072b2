/// What a replica may work on just now.
public struct ShardShare: Sendable, Equatable {
    /// Whose share it is.
    public var identity: String
    /// The rings that must all give it a key: while it goes from one to the next, both.
    public var rings: [HashRing]
    /// What the other members claim, by their identities; it comes first.
    public var claims: [String: ShardMember.Claim]

    /// Nothing at all.
    static func none(_ identity: String) -> ShardShare { ShardShare(identity: identity, rings: [], claims: [:]) }

    /// Whether a key belongs to it.
    public func contains(_ key: String) -> Bool {
        !self.rings.isEmpty && self.rings.allSatisfy { $0.owner(of: key) == self.identity }
            && !self.claims.contains { $0.value.covers(key, by: $0.key) }
    }
}
