import KubernetesTesting
import Locks
import Testing

@testable import TodoAppOperator

struct SharedReadsTests {
    @Test(
        "Who wants the same while it is being read waits for it; who comes later, or wants something else, reads anew"
    )
    func sharing() async {
        let reads = SharedReads<String, Int>()
        let goOn = Signal()
        let count = Locked(0)
        let read: @Sendable () async -> Int = {
            let number = count.withLock { count in
                count += 1
                return count
            }
            await goOn.wait()
            return number
        }
        await withTaskGroup(of: Int.self) { group in
            // Each begins at once, and is at its first wait when the next one comes.
            for _ in 0..<4 { group.addImmediateTask { await reads.value(for: "a", read) } }
            #expect(await reads.value(for: "b") { -1 } == -1)
            goOn.give()
            var values: [Int] = []
            for await value in group { values.append(value) }
            #expect(values == [1, 1, 1, 1])
        }
        #expect(await reads.value(for: "a") { 7 } == 7)
    }
}
