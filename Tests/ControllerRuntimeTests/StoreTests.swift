import JSON
import KubernetesAPI
import KubernetesTesting
import Testing

@testable import ControllerRuntime

@Suite("Store")
struct StoreTests {
    private let store = Store<TestObject> { $0.owner }

    private func replace(_ objects: [TestObject], version: Int) -> [String] {
        self.store.replace(with: objects.keyed, version: ResourceVersion("\(version)")).map(\.text)
    }

    private func key(_ name: String) -> ObjectKey {
        ObjectKey(namespace: "shop", name: name)
    }

    private func indexed(_ owner: String) -> [String] {
        self.store.indexed(owner).map(\.metadata.name)
    }

    @Test("An empty store is not synced, and the first collection makes it so, even an empty one")
    func synced() {
        #expect(!self.store.isSynced)
        #expect(self.store.version.isEmpty)
        #expect(self.replace([], version: 3) == [])
        #expect(self.store.isSynced)
        #expect(self.store.version == 3)
    }

    @Test("A new collection tells of what is new, changed and gone, and of nothing else")
    func replaced() {
        #expect(
            Set(
                self.replace(
                    [TestObject("a", version: 1), TestObject("b", version: 2), TestObject("c", version: 3)],
                    version: 3
                )
            ) == ["+a@1", "+b@2", "+c@3"]
        )
        let changes = self.replace(
            [TestObject("a", version: 1), TestObject("b", version: 5), TestObject("d", version: 6)],
            version: 6
        )
        #expect(Set(changes) == ["-c@3", "b@2>5", "+d@6"])
        #expect(changes.first == "-c@3")
        #expect(Set(self.store.keys.map(\.name)) == ["a", "b", "d"])
        #expect(self.store.count == 3)
    }

    @Test("An object that was deleted and made anew while nobody looked is told as gone and as new")
    func recreated() {
        _ = self.replace([TestObject("a", uid: "1", version: 1, owner: "x")], version: 1)
        let changes = self.replace([TestObject("a", uid: "2", version: 9, owner: "y")], version: 9)
        #expect(changes == ["-a@1", "+a@9"])
        #expect(self.indexed("x") == [])
        #expect(self.indexed("y") == ["a"])
    }

    @Test("An update tells the old and the new state, and moves the version")
    func updated() {
        #expect(self.store.update(TestObject("a", version: 4))?.text == "+a@4")
        #expect(self.store.update(TestObject("a", version: 6))?.text == "a@4>6")
        #expect(self.store.version == 6)
        #expect(self.store[self.key("a")]?.metadata.resourceVersion == 6)
    }

    @Test("What the store has already is no change; that something older comes is told, and changes nothing")
    func same() {
        _ = self.store.update(TestObject("a", version: 4))
        #expect(self.store.update(TestObject("a", version: 4)) == nil)
        #expect(self.store.update(TestObject("a", version: 3))?.text == "a@4>4")
        #expect(self.store.update(TestObject("a", uid: "other", version: 5)) != nil)
    }

    @Test("A removal tells the last state, and a second one nothing")
    func removed() {
        _ = self.store.update(TestObject("a", version: 4, owner: "x"))
        #expect(self.store.remove(self.key("a"), version: 7)?.text == "-a@4")
        #expect(self.store.remove(self.key("a"), version: 8) == nil)
        #expect(self.store.version == 8)
        #expect(self.store[self.key("a")] == nil)
        #expect(self.indexed("x") == [])
    }

    @Test("Objects are found by their index key in the order of their names, also after that key has changed")
    func index() {
        for name in ["c", "a", "b"] {
            _ = self.store.update(TestObject(name, version: 1, owner: "x"))
        }
        _ = self.store.update(TestObject("d", version: 1))
        #expect(self.indexed("x") == ["a", "b", "c"])
        _ = self.store.update(TestObject("b", version: 2, owner: "y"))
        #expect(self.indexed("x") == ["a", "c"])
        #expect(self.indexed("y") == ["b"])
        _ = self.store.update(TestObject("b", version: 3))
        #expect(self.indexed("y") == [])
        #expect(self.indexed("nobody") == [])
    }

    @Test("A refusal is noted, and forgotten when the collection can be read")
    func denied() {
        self.store.deny()
        #expect(self.store.isDenied)
        #expect(!self.store.isSynced)
        _ = self.replace([], version: 1)
        #expect(!self.store.isDenied)
    }

    // MARK: Parts

    private func object(_ name: String, in namespace: String, version: Int) -> TestObject {
        TestObject(name, version: version, namespace: namespace)
    }

    private func replace(_ objects: [TestObject], version: Int, in namespace: String) -> Set<String> {
        let version = ResourceVersion("\(version)")
        return Set(self.store.replace(with: objects.keyed, version: version, in: namespace).map(\.text))
    }

    @Test("Each namespace is a part of its own: replacing one leaves the others alone")
    func parts() {
        self.store.expect(["east", "west"])
        let (east, west) = (self.object("a", in: "east", version: 1), self.object("b", in: "west", version: 2))
        #expect(self.replace([east], version: 5, in: "east") == ["+a@1"])
        #expect(!self.store.isSynced)
        #expect(self.store.isSynced(in: "east") && !self.store.isSynced(in: "west"))
        #expect(self.replace([west], version: 9, in: "west") == ["+b@2"])
        #expect(self.store.isSynced)
        #expect(self.replace([], version: 12, in: "east") == ["-a@1"])
        #expect(self.store.keys == [west.metadata.key])
        #expect(self.store.version(in: "east") == 12)
        #expect(self.store.version(in: "west") == 9)
    }

    @Test("A part that is denied holds up none but itself")
    func deniedPart() {
        self.store.expect(["east", "west"])
        self.store.deny(in: "west")
        #expect(!self.store.isSynced)
        _ = self.replace([], version: 5, in: "east")
        #expect(self.store.isSynced && self.store.isDenied)
        #expect(!self.store.isSynced(in: "west"))
        _ = self.replace([], version: 6, in: "west")
        #expect(!self.store.isDenied && self.store.isSynced(in: "west"))
    }

    @Test("What is there but cannot be read keeps its last readable state")
    func unreadable() {
        _ = self.replace([TestObject("a", version: 1, owner: "x"), TestObject("b", version: 2)], version: 3)
        let changes = self.store.replace(with: [:], version: 9, keeping: [self.key("a")])
        #expect(changes.map(\.text) == ["-b@2"])
        #expect(self.indexed("x") == ["a"])
    }

    // MARK: Answers to writes

    @Test("The answer to a write is seen at once, and the watch has nothing to add to it")
    func anticipated() {
        _ = self.replace([TestObject("a", version: 1)], version: 5)
        #expect(self.store.anticipate(TestObject("b", version: 7, owner: "x")))
        #expect(self.indexed("x") == ["b"])
        #expect(self.store.version == 5)
        #expect(self.store.update(TestObject("b", version: 7, owner: "x")) == nil)
        #expect(self.store.version == 7)
        #expect(self.store.update(TestObject("b", version: 8, owner: "y"))?.text == "b@7>8")
    }

    @Test("What the watch is behind with does not undo an answer")
    func stragglers() {
        _ = self.replace([TestObject("a", version: 1, owner: "x")], version: 5)
        #expect(self.store.anticipate(TestObject("a", uid: "new", version: 9, owner: "y")))
        // Whoever depends on it hears that there was something, and sees the answer.
        #expect(self.store.update(TestObject("a", version: 6, owner: "z"))?.text == "a@9>9")
        #expect(self.store.remove(self.key("a"), version: 8) == nil)
        #expect(self.indexed("y") == ["a"])
        #expect(self.store.remove(self.key("a"), version: 10)?.text == "-a@9")
    }

    @Test("An answer that the watch has overtaken changes nothing: what was written may be gone by now")
    func overtaken() {
        _ = self.replace([], version: 5)
        _ = self.store.update(TestObject("a", version: 7))
        _ = self.store.remove(self.key("a"), version: 8)
        #expect(self.store.anticipate(TestObject("a", version: 7)))
        #expect(self.store.count == 0)
    }

    @Test("An answer is not read where the watch was faster, and one that cannot be read changes nothing")
    func unread() throws {
        struct Unreadable: Error {}
        _ = self.replace([], version: 5)
        _ = self.store.update(TestObject("a", version: 7))
        #expect(try self.store.anticipate(self.key("a"), at: ResourceVersion("7")) { throw Unreadable() })
        #expect(throws: Unreadable.self) {
            try self.store.anticipate(self.key("b"), at: ResourceVersion("8")) { throw Unreadable() }
        }
        #expect(self.store.count == 1)
    }

    @Test("Of a large object there is as much as is asked for, with its metadata")
    func outlined() throws {
        let store = Store<DynamicObject>()
        let object = try DynamicObject(json: [
            "metadata": ["name": "a", "namespace": "shop"], "spec": ["x": 1], "status": ["y": 2],
        ])
        _ = store.update(object)
        let seen = store[self.key("a"), within: JSONOutline(["metadata"], ["status"])]
        #expect(seen?.metadata == object.metadata)
        #expect(seen?.value == ["metadata": ["name": "a", "namespace": "shop"], "status": ["y": 2]])
        #expect(store[self.key("b"), within: JSONOutline(["metadata"])] == nil)
    }

    @Test("A collection that was never read, or whose versions are no numbers, must be waited for")
    func notAnticipated() {
        #expect(!self.store.anticipate(TestObject("a", version: 1)))
        _ = self.store.replace(with: [:], version: ResourceVersion("v-1"))
        #expect(!self.store.anticipate(TestObject("a", version: 1)))
        #expect(self.store.count == 0)
    }

    @Test("A list is the truth, also about what was written after it")
    func listAfterAnswer() {
        _ = self.replace([], version: 5)
        #expect(self.store.anticipate(TestObject("a", version: 9)))
        #expect(self.replace([], version: 7) == ["-a@9"])
    }

    @Test("A bookmark moves the version and nothing else")
    func bookmark() {
        _ = self.replace([TestObject("a", version: 1)], version: 1)
        self.store.advance(to: 99)
        #expect(self.store.version == 99)
        #expect(self.store.count == 1)
    }

    @Test("Whatever happens, objects and index are what plain recomputation says", arguments: SeededRandom.seeds(20))
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var model: [ObjectKey: TestObject] = [:]
        var version = 0

        func object(_ random: inout SeededRandom) -> TestObject {
            version += 1
            let name = "n\(Int.random(in: 0..<8, using: &random))"
            let owner = ["x", "y", "z", nil].randomElement(using: &random) ?? nil
            return TestObject(name, uid: "u\(Int.random(in: 0..<3, using: &random))", version: version, owner: owner)
        }

        for step in 0..<500 {
            let comment: Comment = "seed \(seed), step \(step)"
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                var objects: [TestObject] = []
                for _ in 0..<Int.random(in: 0..<8, using: &random) {
                    objects.append(object(&random))
                }
                let before = model
                model = objects.keyed
                let changes = self.store.replace(with: model, version: ResourceVersion("\(version)"))
                // Whoever only hears of the changes must come to the same picture.
                var told = before
                for change in changes {
                    if let old = change.old {
                        #expect(told[old.metadata.key] == old, comment)
                        told[old.metadata.key] = nil
                    }
                    if let new = change.new {
                        #expect(told[new.metadata.key] == nil, comment)
                        told[new.metadata.key] = new
                    }
                }
                #expect(told == model, comment)
            case 1...6:
                let object = object(&random)
                let change = self.store.update(object)
                #expect(change?.old == model[object.metadata.key], comment)
                model[object.metadata.key] = object
            default:
                version += 1
                let key = self.key("n\(Int.random(in: 0..<8, using: &random))")
                let change = self.store.remove(key, version: ResourceVersion("\(version)"))
                #expect(change?.old == model.removeValue(forKey: key), comment)
            }
            #expect(self.store.count == model.count, comment)
            #expect(self.store.version == ResourceVersion("\(version)"), comment)
            for owner in ["x", "y", "z"] {
                let expected = model.values.filter { $0.owner == owner }.map(\.metadata.name).sorted()
                #expect(self.indexed(owner) == expected, comment)
            }
        }
    }
}
