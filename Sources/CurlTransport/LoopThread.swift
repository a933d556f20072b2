internal import CCurl
internal import Glibc
internal import HTTPTransport

/// Starts a thread for work that blocks, which the threads of Swift's concurrency must not do.
enum LoopThread {
    /// Runs `body` on a new thread that ends with it.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(HTTPTransportError) {
        let context = unsafe Unmanaged.passRetained(Body(name: name, run: body)).toOpaque()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, self.stackSize)

        // Signals are for the process's own threads; the new one inherits that all are blocked. That also keeps a
        // SIGPIPE, which libcurl leaves to us under CURLOPT_NOSIGNAL, from ending the process.
        var all = sigset_t()
        var before = sigset_t()
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }

        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread,
            &attributes,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                unsafe _ = pthread_setname_np(pthread_self(), body.name)
                body.run()
                return nil
            },
            context
        )
        guard result == 0 else {
            unsafe Unmanaged<Body>.fromOpaque(context).release()
            throw .invalidRequest("no thread for the network: error \(result)")
        }
    }

    /// libcurl and OpenSSL stay below 100 KiB; address space costs nothing.
    private static let stackSize = 1024 * 1024

    private final class Body: Sendable {
        /// At most 15 bytes are shown by Linux, and more are refused.
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }
}
