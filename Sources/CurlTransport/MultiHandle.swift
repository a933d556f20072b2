internal import CCurl
internal import HTTPTransport

/// A libcurl multi handle: connections, and the transfers on them.
///
/// The loop's thread alone calls it, with the exception of ``wakeUp()``.
// @unchecked: curl_multi_wakeup is safe from every thread, and the loop keeps the rest to its own.
@safe
final class MultiHandle: @unchecked Sendable {
    private let handle: OpaquePointer

    /// - Parameter maximumConnections: to the server; 0 for no limit.
    init(maximumConnections: Int) throws(HTTPTransportError) {
        // libcurl wants to be initialised once in a process, before everything else.
        guard globalInitialization == CURLE_OK, let handle = unsafe curl_multi_init() else {
            throw .invalidRequest("libcurl cannot be initialised")
        }
        unsafe self.handle = handle
        unsafe ccurl_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        unsafe ccurl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, maximumConnections)
        // Kept open while idle; libcurl's default grows with the number of transfers and never shrinks.
        unsafe ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, max(maximumConnections, 8))
    }

    deinit {
        unsafe curl_multi_cleanup(self.handle)
    }

    func add(_ easy: EasyHandle) -> Bool {
        unsafe curl_multi_add_handle(self.handle, easy.pointer) == CURLM_OK
    }

    func remove(_ easy: EasyHandle) {
        unsafe curl_multi_remove_handle(self.handle, easy.pointer)
    }

    /// Moves bytes where it can be done without waiting; calls the transfers back.
    func perform() -> Bool {
        var running: Int32 = 0
        return unsafe curl_multi_perform(self.handle, &running) == CURLM_OK
    }

    /// The next transfer that is through: its handle's id, and how it went.
    func nextFinished() -> (id: UInt, code: CURLcode)? {
        var code = CURLE_OK
        guard let easy = unsafe ccurl_multi_next_finished(self.handle, &code) else { return nil }
        return (UInt(bitPattern: easy), code)
    }

    /// Waits until a socket is ready, libcurl has something to do, or ``wakeUp()`` was called.
    func wait(atMost duration: Duration) -> Bool {
        let milliseconds = Int32(clamping: max(0, duration.wholeMilliseconds))
        return unsafe curl_multi_poll(self.handle, nil, 0, milliseconds, nil) == CURLM_OK
    }

    /// Ends ``wait(atMost:)``, or the next one; from any thread.
    func wakeUp() {
        unsafe curl_multi_wakeup(self.handle)
    }
}

/// A constant of the process: Swift runs the initialiser once, whoever comes first.
private let globalInitialization = ccurl_global_init()
