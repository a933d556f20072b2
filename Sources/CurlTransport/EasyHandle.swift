internal import CCurl
internal import HTTPTransport

/// A libcurl easy handle with the memory that libcurl expects to outlive its options.
///
/// Only the loop's thread touches it.
@safe
final class EasyHandle {
    private let handle: OpaquePointer
    /// libcurl writes here until the handle is gone, so that it cannot be a Swift array.
    private let errorText: UnsafeMutablePointer<CChar>
    /// The headers of the present request.
    private var lists: [UnsafeMutablePointer<curl_slist>] = unsafe []
    /// What is the same for all requests.
    private var lastingLists: [UnsafeMutablePointer<curl_slist>] = unsafe []

    /// Fails when there is no memory.
    init?() {
        guard let handle = unsafe curl_easy_init() else { return nil }
        unsafe self.handle = handle
        unsafe self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe self.errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(self.handle)
        self.freeLists()
        unsafe Self.free(&self.lastingLists)
        unsafe self.errorText.deallocate()
    }

    /// Tells handles apart in ``MultiHandle/nextFinished()``.
    var id: UInt {
        unsafe UInt(bitPattern: self.handle)
    }

    /// libcurl's words for what went wrong.
    var errorMessage: String {
        unsafe String(cString: self.errorText)
    }

    /// For ``MultiHandle`` alone.
    var pointer: OpaquePointer {
        unsafe self.handle
    }

    /// Has libcurl write what went wrong where ``errorMessage`` reads it.
    func setErrorText() throws(HTTPTransportError) {
        try self.check(CURLOPT_ERRORBUFFER, unsafe ccurl_set_pointer(self.handle, CURLOPT_ERRORBUFFER, self.errorText))
    }

    /// Forgets the last request, which may have held a token, and keeps what is the same for all of them.
    func forgetMessage() throws(HTTPTransportError) {
        unsafe self.errorText[0] = 0
        try self.check(CURLOPT_HTTPHEADER, unsafe ccurl_set_list(self.handle, CURLOPT_HTTPHEADER, nil))
        self.freeLists()
        try self.set(CURLOPT_COPYPOSTFIELDS, nil)
        try self.check(
            CURLOPT_POSTFIELDSIZE_LARGE,
            unsafe ccurl_set_offset(self.handle, CURLOPT_POSTFIELDSIZE_LARGE, -1)
        )
        // Also takes back that there is a body to be sent, or none to be read.
        try self.set(CURLOPT_HTTPGET, true)
        try self.set(CURLOPT_FRESH_CONNECT, false)
        try self.set(CURLOPT_FORBID_REUSE, false)
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPTransportError) {
        try self.check(option, unsafe ccurl_set_long(self.handle, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) throws(HTTPTransportError) {
        try self.set(option, value ? 1 : 0)
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String?) throws(HTTPTransportError) {
        guard let value else {
            return try self.check(option, unsafe ccurl_set_string(self.handle, option, nil))
        }
        try self.check(option, unsafe ccurl_set_string(self.handle, option, value))
    }

    /// - Parameter isLasting: Whether the lines are the same for all requests.
    func set(_ option: CURLoption, lines: [String], isLasting: Bool = false) throws(HTTPTransportError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else {
                unsafe curl_slist_free_all(list)
                throw .invalidRequest("there is no memory for \(lines.count) header lines")
            }
            unsafe list = longer
        }
        guard let list = unsafe list else { return }
        if isLasting {
            unsafe self.lastingLists.append(list)
        } else {
            unsafe self.lists.append(list)
        }
        try self.check(option, unsafe ccurl_set_list(self.handle, option, list))
    }

    /// libcurl copies the bytes.
    func set(_ option: CURLoption, blob: [UInt8]) throws(HTTPTransportError) {
        let code = unsafe blob.withUnsafeBytes { unsafe ccurl_set_blob(self.handle, option, $0.baseAddress, $0.count) }
        try self.check(option, code)
    }

    /// The request's body; libcurl copies it.
    func setBody(_ bytes: [UInt8]) throws(HTTPTransportError) {
        try self.check(
            CURLOPT_POSTFIELDSIZE_LARGE,
            unsafe ccurl_set_offset(self.handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        )
        // An empty array has no address, and without one libcurl would read standard input.
        guard bytes.isEmpty == false else { return try self.set(CURLOPT_COPYPOSTFIELDS, "") }
        let code = unsafe bytes.withUnsafeBytes { bytes in
            unsafe ccurl_set_pointer(
                self.handle,
                CURLOPT_COPYPOSTFIELDS,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            )
        }
        try self.check(CURLOPT_COPYPOSTFIELDS, code)
    }

    func setUserTimeout(milliseconds: UInt32) throws(HTTPTransportError) {
        try self.check(CURLOPT_SOCKOPTFUNCTION, unsafe ccurl_set_user_timeout(self.handle, milliseconds))
    }

    /// Directs libcurl's callbacks to an object that must live as long as the handle is at work.
    func direct(to transfer: RunningTransfer) throws(HTTPTransportError) {
        let context = unsafe Unmanaged.passUnretained(transfer).toOpaque()
        try self.check(CURLOPT_WRITEDATA, unsafe ccurl_set_pointer(self.handle, CURLOPT_WRITEDATA, context))
        try self.check(CURLOPT_HEADERDATA, unsafe ccurl_set_pointer(self.handle, CURLOPT_HEADERDATA, context))
        try self.check(CURLOPT_PREREQDATA, unsafe ccurl_set_pointer(self.handle, CURLOPT_PREREQDATA, context))
    }

    /// Has libcurl call back whom ``direct(to:)`` names.
    func setCallbacks() throws(HTTPTransportError) {
        try self.check(
            CURLOPT_WRITEFUNCTION,
            unsafe ccurl_set_data_function(self.handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let context = unsafe context else { return 0 }
                let transfer = unsafe Unmanaged<RunningTransfer>.fromOpaque(context).takeUnretainedValue()
                switch transfer.receiveBody(unsafe Array(UnsafeRawBufferPointer(start: bytes, count: size * count))) {
                case .taken: return size * count
                case .pause: return Int(CURL_WRITEFUNC_PAUSE)
                }
            }
        )
        try self.check(
            CURLOPT_HEADERFUNCTION,
            unsafe ccurl_set_data_function(self.handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let context = unsafe context else { return 0 }
                let transfer = unsafe Unmanaged<RunningTransfer>.fromOpaque(context).takeUnretainedValue()
                let start = unsafe UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self)
                let line = unsafe UnsafeBufferPointer(start: start, count: size * count)
                // Any other number than the one that came in ends the transfer.
                return transfer.receiveHeader(unsafe line.span) ? size * count : 0
            }
        )
        try self.check(
            CURLOPT_PREREQFUNCTION,
            unsafe ccurl_set_prerequest_function(self.handle) { context, _, _, _, _ in
                guard let context = unsafe context else { return CURL_PREREQFUNC_ABORT }
                let transfer = unsafe Unmanaged<RunningTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.willSend() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }
        )
    }

    func information(_ info: CURLINFO) -> Int {
        unsafe ccurl_get_long(self.handle, info)
    }

    /// Lets a paused transfer go on; libcurl may call back from within.
    func unpause() -> CURLcode {
        unsafe curl_easy_pause(self.handle, CURLPAUSE_CONT)
    }

    /// Pauses and resumes, which makes libcurl look into its buffers; it may call back from within.
    func remind() -> CURLcode {
        let code = unsafe curl_easy_pause(self.handle, CURLPAUSE_RECV)
        return code == CURLE_OK ? self.unpause() : code
    }

    private func check(_ option: CURLoption, _ code: CURLcode) throws(HTTPTransportError) {
        guard code == CURLE_OK else {
            throw .invalidRequest("libcurl refused option \(option.rawValue) with error \(code.rawValue)")
        }
    }

    private func freeLists() {
        unsafe Self.free(&self.lists)
    }

    private static func free(_ lists: inout [UnsafeMutablePointer<curl_slist>]) {
        while let list = unsafe lists.popLast() {
            unsafe curl_slist_free_all(list)
        }
    }
}
