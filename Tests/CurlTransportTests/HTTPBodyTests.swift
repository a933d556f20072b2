import HTTPTransport
import Locks
import Testing

struct HTTPBodyTests {
    private func body(_ chunks: [[UInt8]], end: HTTPTransportError? = nil) -> HTTPBody {
        let rest = Locked(chunks)
        return HTTPBody { () async throws(HTTPTransportError) -> [UInt8]? in
            if let chunk = rest.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return chunk }
            if let end { throw end }
            return nil
        }
    }

    @Test("a body is read chunk by chunk, by a loop, by its iterator, or as a whole")
    func reading() async throws {
        var looped: [[UInt8]] = []
        for try await chunk in self.body([[1], [2, 3]]) { looped.append(chunk) }
        #expect(looped == [[1], [2, 3]])

        var iterator = self.body([[1], [2, 3]]).makeAsyncIterator()
        #expect(try await iterator.next() == [1])
        #expect(try await iterator.next() == [2, 3])
        #expect(try await iterator.next() == nil)

        #expect(try await self.body([[1], [2, 3]]).collect(limit: 3) == [1, 2, 3])
    }

    @Test("a body that is larger than its reader allows, or that breaks off, is an error")
    func failures() async {
        await #expect(throws: HTTPTransportError.bodyTooLarge(limit: 2)) {
            try await self.body([[1], [2, 3]]).collect(limit: 2)
        }
        await #expect(throws: HTTPTransportError.connectionLost("cut")) {
            try await self.body([[1]], end: .connectionLost("cut")).collect(limit: 9)
        }
    }
}
