internal import CCurl
internal import HTTPTransport

/// A transfer while libcurl is at work on it; lives on the loop's thread, where libcurl calls it back.
final class RunningTransfer {
    let transfer: Transfer
    let handle: EasyHandle
    private(set) var deadlines: Deadlines
    /// Whether the request was handed to a connection.
    private var wasSent = false
    private var stallWatch: StallWatch

    private var parser = ResponseHeadParser()
    private var malformed: HTTPTransportError?
    private var isTooLate = false
    private var hasHead = false
    private var isHeadUntold = false
    private var isPaused = false
    /// Whatever libcurl still calls back with is for nobody.
    private var isOver = false
    /// Callbacks do not ask for the time; the loop does, once for all of them.
    private var hasNews = false
    /// When it has to be looked at again, though nothing has happened.
    private(set) var next: ContinuousClock.Instant?

    enum Reception {
        case taken
        case pause
    }

    init(_ transfer: Transfer, handle: EasyHandle, start: ContinuousClock.Instant) {
        self.transfer = transfer
        self.handle = handle
        self.deadlines = Deadlines(transfer.request, start: start)
        self.stallWatch = StallWatch(start: start)
    }

    /// The request is about to be written to a connection; whether it may.
    ///
    /// When a connection that was used before breaks without an answer, libcurl sends the request again on a new one, a
    /// POST as well, although the server may have carried it out. There is no option against it but this callback.
    func willSend() -> Bool {
        self.hasNews = true
        if let sendBy = self.transfer.request.sendBy, sendBy <= .now {
            self.isTooLate = true
            return false
        }
        defer { self.wasSent = true }
        return self.wasSent == false || self.transfer.request.isRepeatable
    }

    /// One line of the head or of the trailers; `false` ends the transfer.
    func receiveHeader(_ line: Span<UInt8>) -> Bool {
        guard !self.isOver else { return true }
        switch self.parser.consume(line) {
        case .more:
            return true
        case .head(let head):
            self.hasHead = true
            self.isHeadUntold = true
            self.hasNews = true
            self.transfer.receive(head)
            return true
        case .malformed(let why):
            self.malformed = .connectionLost(why)
            return false
        }
    }

    /// Wakes who waits for the head, once libcurl has read all that there was.
    ///
    /// Most often the whole answer is there by then, and who reads it need not wait a second and a third time.
    func tellHead() {
        guard self.isHeadUntold else { return }
        self.isHeadUntold = false
        self.transfer.tellHead()
    }

    func receiveBody(_ chunk: [UInt8]) -> Reception {
        guard chunk.isEmpty == false, !self.isOver else { return .taken }
        self.hasNews = true
        if self.transfer.receive(chunk) {
            return .taken
        }
        self.isPaused = true
        self.stallWatch.pause()
        return .pause
    }

    /// Goes on with what was paused; whether libcurl could.
    func unpause(_ now: ContinuousClock.Instant) -> Bool {
        guard self.isPaused else { return true }
        self.isPaused = false
        self.next = now
        self.deadlines.touch(now)
        self.stallWatch.touch(now)
        return self.handle.unpause() == CURLE_OK
    }

    /// Has libcurl let go of what it holds back for a transfer that is paused; whether it could.
    ///
    /// libcurl (7.88) frees that neither with the transfer's end, where others use the same connection, nor with the handle, and
    /// would hand it to the next transfer of the handle as a part of that one's answer.
    func letGo() -> Bool {
        guard self.isPaused else { return true }
        self.isPaused = false
        self.isOver = true
        return self.handle.unpause() == CURLE_OK
    }

    /// Takes note of what the callbacks have seen; whether they have seen anything.
    func update(_ now: ContinuousClock.Instant) -> Bool {
        let hadNews = self.hasNews
        self.hasNews = false
        guard self.hasHead else { return hadNews }
        if hadNews {
            self.deadlines.touch(now)
            self.stallWatch.touch(now)
        }
        if self.isPaused {
            self.deadlines.hold()
        }
        return hadNews
    }

    /// Reminds libcurl of the transfer where it may have forgotten it; whether libcurl could go on.
    func remindIfSilent(_ now: ContinuousClock.Instant) -> Bool {
        guard self.isPaused == false, self.stallWatch.takeReminder(now) else { return true }
        return self.handle.remind() == CURLE_OK
    }

    /// Whether there is anything to be looked at.
    func isDue(_ now: ContinuousClock.Instant) -> Bool {
        self.hasNews || self.isHeadUntold || self.next.map { $0 <= now } ?? true
    }

    /// Reckons anew when it has to be looked at again.
    func reckon() {
        self.next = earlier(self.deadlines.next, self.isPaused ? nil : self.stallWatch.next)
    }

    /// What libcurl's verdict means; `nil` for a complete answer.
    func failure(_ code: CURLcode, settings: ConnectionSettings) -> HTTPTransportError? {
        guard code != CURLE_OK else { return nil }
        if let malformed = self.malformed { return malformed }
        if self.isTooLate, !self.wasSent { return .withheld("its time was over before there was a connection") }
        return CurlFailure(
            code: code,
            message: self.handle.errorMessage,
            systemError: Int32(clamping: self.handle.information(CURLINFO_OS_ERRNO)),
            verifyResult: self.handle.information(CURLINFO_SSL_VERIFYRESULT),
            proxyStatus: self.handle.information(CURLINFO_HTTP_CONNECTCODE),
            wasSent: self.wasSent,
            endpoint: settings.endpoint,
            connectTimeout: settings.connectTimeout
        ).transportError
    }

    /// What it means that a limit is over.
    func failure(_ expiry: Deadlines.Expiry, settings: ConnectionSettings) -> HTTPTransportError {
        // Still without a connection: the server has not seen the request.
        self.wasSent
            ? .timedOut(expiry.rawValue)
            : .couldNotConnect("\(settings.endpoint): not connected within the time allowed (\(expiry.rawValue))")
    }
}
