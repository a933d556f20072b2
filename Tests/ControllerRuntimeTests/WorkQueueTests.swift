import ControllerRuntime
import KubernetesTesting
import Locks
import Testing

@Suite("WorkQueue")
struct WorkQueueTests {
    private let time = ManualTime()
    private let queue: WorkQueue<String>

    init() {
        self.queue = WorkQueue(backoff: Backoff(first: .seconds(1), limit: .seconds(8)), time: self.time.source)
    }

    @Test("A worker that waits gets the key that comes")
    func waiting() async {
        let worker = Task { await self.queue.next() }
        self.queue.add("a")
        #expect(await worker.value == "a")
        #expect(self.queue.depth == 0)
    }

    @Test("As many workers as keys come get one each")
    func severalWorkers() async {
        let workers = (0..<5).map { _ in Task { await self.queue.next() } }
        for key in ["a", "b", "c", "d", "e"] {
            self.queue.add(key)
        }
        var got: Set<String?> = []
        for worker in workers {
            got.insert(await worker.value)
        }
        #expect(got == ["a", "b", "c", "d", "e"])
    }

    @Test("A delayed key comes when its time has come")
    func delayed() async {
        self.queue.add("a", after: .seconds(5))
        let worker = Task { await self.queue.next() }
        await self.time.waitForSleeps(1)
        #expect(self.time.pauses == [.seconds(5)])
        self.time.advance(by: .milliseconds(4999))
        #expect(self.time.sleeperCount == 1)
        #expect(self.queue.depth == 1)
        self.time.advance(by: .milliseconds(1))
        #expect(await worker.value == "a")
    }

    @Test("A key that is to come earlier than all others moves the alarm")
    func earlier() async {
        self.queue.add("late", after: .seconds(10))
        await self.time.waitForSleeps(1)
        self.queue.add("early", after: .seconds(3))
        await self.time.waitForSleeps(2)
        let worker = Task { await self.queue.next() }
        self.time.advance(by: .seconds(3))
        #expect(await worker.value == "early")
        self.queue.finished("early", .done)
        await self.time.waitForSleeps(3)
        #expect(self.time.pauses == [.seconds(10), .seconds(3), .seconds(7)])
        let next = Task { await self.queue.next() }
        self.time.advance(by: .seconds(7))
        #expect(await next.value == "late")
    }

    @Test("Keys that become ready together reach all who wait")
    func together() async {
        for key in ["a", "b", "c"] {
            self.queue.add(key, after: .seconds(5))
        }
        let workers = (0..<3).map { _ in Task { await self.queue.next() } }
        await self.time.waitForSleeps(1)
        self.time.advance(by: .seconds(5))
        var got: Set<String?> = []
        for worker in workers {
            got.insert(await worker.value)
        }
        #expect(got == ["a", "b", "c"])
    }

    @Test("A delayed key is not forgotten while another one is in flight")
    func delayedBesideInFlight() async {
        self.queue.add("a")
        self.queue.add("b", after: .seconds(5))
        #expect(await self.queue.next() == "a")
        let worker = Task { await self.queue.next() }
        let hasAlarm = await eventually { self.time.pauses == [.seconds(5)] }
        #expect(hasAlarm, "nothing wakes the worker that waits for the delayed key")
        self.time.advance(by: .seconds(5))
        if !hasAlarm { self.queue.shutDown() }
        #expect(await worker.value == "b")
    }

    @Test("A failed key comes back after its pause, and the row of failures is told")
    func failed() async {
        self.queue.add("a")
        #expect(await self.queue.next() == "a")
        #expect(self.queue.finished("a", .retry("why")) == 1)
        await self.time.waitForSleeps(1)
        self.time.advance(by: .seconds(1))
        #expect(await self.queue.next() == "a")
        #expect(self.queue.finished("a", .retry("why")) == 2)
        await self.time.waitForSleeps(2)
        #expect(self.time.pauses == [.seconds(1), .seconds(2)])
        self.time.advance(by: .seconds(2))
        #expect(await self.queue.next() == "a")
        #expect(self.queue.finished("a", .done) == 0)
        #expect(self.queue.depth == 0)
    }

    @Test("A key that is to be looked at again comes after that time, and its failures are forgotten")
    func requeued() async {
        self.queue.add("a")
        #expect(await self.queue.next() == "a")
        #expect(self.queue.finished("a", .requeue(after: .seconds(30))) == 0)
        await self.time.waitForSleeps(1)
        #expect(self.time.pauses == [.seconds(30)])
        self.time.advance(by: .seconds(30))
        #expect(await self.queue.next() == "a")
    }

    @Test("What failed for good does not come back by itself")
    func terminal() async {
        self.queue.add("a")
        #expect(await self.queue.next() == "a")
        #expect(self.queue.finished("a", .terminal("why")) == 0)
        #expect(self.queue.depth == 0)
    }

    @Test("A shutdown lets all go who wait, and hands out nothing any more")
    func shutDown() async {
        let workers = (0..<3).map { _ in Task { await self.queue.next() } }
        self.queue.add("later", after: .seconds(5))
        await self.time.waitForSleeps(1)
        self.queue.shutDown()
        for worker in workers {
            #expect(await worker.value == nil)
        }
        self.queue.add("a")
        #expect(await self.queue.next() == nil)
        #expect(await eventually { self.time.sleeperCount == 0 })
    }

    @Test("A key in flight can be given back after the shutdown")
    func finishedAfterShutDown() async {
        self.queue.add("a")
        #expect(await self.queue.next() == "a")
        self.queue.shutDown()
        #expect(self.queue.finished("a", .done) == 0)
        #expect(await self.queue.next() == nil)
    }

    @Test("Many who add and many who take lose no key and share none")
    func crowd() async {
        let queue = WorkQueue<Int>(time: .system)
        let seen = Locked<[Int: Int]>([:])
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    while let key = await queue.next() {
                        let count = seen.withLock { seen in
                            seen[key, default: 0] += 1
                            return seen.count
                        }
                        queue.finished(key, .done)
                        if count == 400 { queue.shutDown() }
                    }
                }
            }
            for base in 0..<4 {
                group.addTask {
                    for number in 0..<100 {
                        queue.add(base * 100 + number, priority: number % 2 == 0 ? .normal : .background)
                        await Task.yield()
                    }
                }
            }
        }
        #expect(seen.withLock { $0.count } == 400)
        #expect(seen.withLock { $0.values.allSatisfy { $0 == 1 } })
    }
}
