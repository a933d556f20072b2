import ControllerRuntime
import Testing

@Suite("HashRing")
struct HashRingTests {
    private let keys = (0..<9000).map { "todo-app/app-\($0)" }

    @Test("The same members give the same ring, in whatever order they come, and in every process")
    func same() {
        #expect(HashRing(["b", "a", "c", "a"]) == HashRing(["a", "b", "c"]))
        let owners = (1...8).map { HashRing(["a", "b", "c"]).owner(of: "shop/app-\($0)") }
        // Of a former process: whoever changes these makes replicas of two versions disagree, and must give the claim another format.
        #expect(owners == ["b", "a", "a", "a", "a", "c", "b", "b"])
    }

    @Test("Each of three members has about a third")
    func even() {
        let ring = HashRing(["replica-a", "replica-b", "replica-c"])
        let counts = Dictionary(grouping: self.keys) { ring.owner(of: $0) ?? "" }.mapValues(\.count)
        #expect(counts.count == 3)
        #expect(counts.values.allSatisfy { (2100...3900).contains($0) }, "\(counts)")
    }

    @Test("When a member goes, its keys alone move")
    func moves() {
        let (before, after) = (HashRing(["a", "b", "c", "d"]), HashRing(["a", "b", "d"]))
        let moved = self.keys.filter { before.owner(of: $0) != after.owner(of: $0) }
        #expect(moved == self.keys.filter { before.owner(of: $0) == "c" })
    }

    @Test("A ring without members gives nobody anything, one of a single member gives it all")
    func few() {
        #expect(HashRing([]).owner(of: "a") == nil)
        #expect(self.keys.allSatisfy { HashRing(["only"]).owner(of: $0) == "only" })
    }
}
