import KubernetesAPI
import Testing

@testable import ControllerRuntime

@Suite("StoreChange")
struct StoreChangeTests {
    private struct Item: StoredObject {
        var metadata: ObjectMeta
    }

    private func item(ownedBy owners: (name: String, isController: Bool)...) -> Item {
        let references = owners.map { name, isController in
            OwnerReference(apiVersion: "v1", kind: "K", name: name, uid: name, isController: isController)
        }
        return Item(metadata: ObjectMeta(name: "item", namespace: "shop", ownerReferences: references))
    }

    private func key(_ name: String) -> ObjectKey {
        ObjectKey(namespace: "shop", name: name)
    }

    @Test("An object that is new, changed or gone has its own key")
    func keys() {
        let item = self.item()
        #expect(StoreChange<Item>(old: nil, new: item).keys == [self.key("item")])
        #expect(StoreChange<Item>(old: item, new: item).keys == [self.key("item")])
        #expect(StoreChange<Item>(old: item, new: nil).keys == [self.key("item")])
    }

    @Test("A change wakes the object's controller, and the one that it had before; no other owner")
    func controllers() {
        let plain = self.item(ownedBy: ("bystander", false))
        let first = self.item(ownedBy: ("bystander", false), ("a", true))
        let second = self.item(ownedBy: ("b", true))
        #expect(StoreChange<Item>(old: nil, new: plain).controllerKeys.isEmpty)
        #expect(StoreChange<Item>(old: nil, new: first).controllerKeys == [self.key("a")])
        #expect(StoreChange<Item>(old: first, new: first).controllerKeys == [self.key("a")])
        #expect(StoreChange<Item>(old: first, new: second).controllerKeys == [self.key("a"), self.key("b")])
        #expect(StoreChange<Item>(old: first, new: plain).controllerKeys == [self.key("a")])
        #expect(StoreChange<Item>(old: second, new: nil).controllerKeys == [self.key("b")])
    }
}
