internal import JSON

/// One of the replicas that share the keys, as its Lease shows it to the others.
public struct ShardMember: Sendable, Equatable {
    /// What the member has told of its own view: it works on no key that another member's view gives it as well.
    public enum Claim: Sendable, Equatable {
        /// It has told of none yet, and works on nothing.
        case nothing
        /// It works on what the ring of these members gives it.
        case ring(HashRing)
        /// It told of something that this version cannot read: it may be working on anything.
        case unreadable
    }

    /// The Lease's name.
    public var name: String
    /// The Lease's UID: another one of the same name is another member.
    public var uid: String
    /// What the Lease says; nobody holds one that was given back.
    public var lease: LeaseRecord
    /// What the member works on.
    public var claim: Claim

    /// A member by its parts.
    public init(name: String, uid: String, lease: LeaseRecord, claim: Claim) {
        self.name = name
        self.uid = uid
        self.lease = lease
        self.claim = claim
    }

    /// Reads an object of the API, whose annotation of this name has the claim.
    init(json: JSONValue, annotation: String) {
        let metadata = json["metadata"]
        self.init(
            name: metadata?["name"]?.string ?? "",
            uid: metadata?["uid"]?.string ?? "",
            lease: LeaseRecord(json: json),
            claim: Claim(text: metadata?["annotations"]?[annotation]?.string)
        )
    }

    /// Who holds the Lease, and with it a part of the keys; `nil` when it was given back.
    public var identity: String? { self.lease.holder.isEmpty ? nil : self.lease.holder }
}

extension ShardMember.Claim {
    /// Whether who claims this may be working on a key.
    func covers(_ key: String, by identity: String) -> Bool {
        switch self {
        case .nothing: false
        case .ring(let ring): ring.owner(of: key) == identity
        case .unreadable: true
        }
    }

    /// The way of placing keys comes first, so that a later version that places them otherwise is not misread.
    private static let format = "ring/1 "

    init(text: String?) {
        guard let text, !text.isEmpty else {
            self = .nothing
            return
        }
        guard text.hasPrefix(Self.format) else {
            self = .unreadable
            return
        }
        self = .ring(HashRing(text.dropFirst(Self.format.count).split(separator: ",").map(String.init)))
    }

    /// What the annotation says of a ring.
    static func text(of ring: HashRing) -> String {
        Self.format + ring.members.joined(separator: ",")
    }
}
