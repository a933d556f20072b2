internal import CYAML

/// One step through a YAML stream.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    let kind: Kind
    let anchor: String?
    let tag: String?
    let location: YAMLLocation
}

/// libyaml's parser with everything that it owns; all memory unsafety of reading YAML is in this file.
///
/// libyaml keeps pointers into its own structure and into the input, so both lie on the heap for as long as this object
/// lives, and neither ever moves.
@safe final class YAMLEventReader {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        unsafe self.parser = .allocate(capacity: 1)
        unsafe self.input = .allocate(capacity: bytes.count)
        _ = unsafe self.input.initialize(from: bytes)
        // It fails only for want of memory, and then leaves the structure zeroed: every later call reports the failure.
        if unsafe yaml_parser_initialize(self.parser) == 1 {
            unsafe yaml_parser_set_input_string(self.parser, self.input.baseAddress, bytes.count)
        }
    }

    deinit {
        unsafe yaml_parser_delete(self.parser)
        unsafe self.parser.deallocate()
        unsafe self.input.deallocate()
    }

    func next() throws(YAMLError) -> YAMLEvent {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe self.parser.pointee.read_handler != nil, unsafe yaml_parser_parse(self.parser, &event) == 1
            else {
                throw self.failure()
            }
            defer { unsafe yaml_event_delete(&event) }
            guard let kind = unsafe Self.kind(&event) else { continue }
            return YAMLEvent(
                kind: kind,
                anchor: unsafe Self.string(cyaml_anchor(&event)),
                tag: unsafe Self.string(cyaml_tag(&event)),
                location: YAMLLocation(
                    line: unsafe event.start_mark.line + 1,
                    column: unsafe event.start_mark.column + 1
                )
            )
        }
    }

    /// What an event is; `nil` for the start of the stream, which says nothing.
    private static func kind(_ event: UnsafePointer<yaml_event_t>) -> YAMLEvent.Kind? {
        switch unsafe event.pointee.type {
        case YAML_STREAM_END_EVENT: .streamEnd
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_ALIAS_EVENT: .alias(unsafe self.string(cyaml_anchor(event)) ?? "")
        case YAML_SCALAR_EVENT: unsafe self.scalar(event)
        case YAML_SEQUENCE_START_EVENT: .sequenceStart
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT: .mappingStart
        case YAML_MAPPING_END_EVENT: .mappingEnd
        default: nil
        }
    }

    private static func scalar(_ event: UnsafePointer<yaml_event_t>) -> YAMLEvent.Kind {
        // The length counts, for a quoted scalar may have a zero byte in it.
        let bytes = unsafe UnsafeBufferPointer(start: cyaml_scalar_value(event), count: cyaml_scalar_length(event))
        return .scalar(
            unsafe String(decoding: bytes, as: UTF8.self),
            isPlain: unsafe cyaml_scalar_is_plain(event) == 1
        )
    }

    private static func string(_ pointer: UnsafePointer<UInt8>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    private func failure() -> YAMLError {
        let parser = unsafe self.parser.pointee
        guard let problem = unsafe parser.problem else {
            return .syntax(problem: "out of memory", at: YAMLLocation(line: 1, column: 1))
        }
        var text = unsafe String(cString: problem)
        if let context = unsafe parser.context {
            text = unsafe "\(text) \(String(cString: context))"
        }
        // Trouble with the encoding is told by the byte, all else by line and column.
        guard unsafe parser.error != YAML_READER_ERROR else { return self.encodingFailure(text) }
        let mark = unsafe parser.problem_mark
        return .syntax(problem: text, at: YAMLLocation(line: mark.line + 1, column: mark.column + 1))
    }

    private func encodingFailure(_ problem: String) -> YAMLError {
        let before = unsafe self.input.prefix(self.parser.pointee.problem_offset)
        let line = unsafe before.count { $0 == UInt8(ascii: "\n") }
        let column = unsafe before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
        return .syntax(problem: problem, at: YAMLLocation(line: line + 1, column: column + 1))
    }
}
