/// A terminal's screen that is drawn anew again and again.
///
/// The alternate screen is used, so that what stood on the terminal is there again afterwards (xterm's control sequences,
/// which every terminal that knows colours has).
enum Screen {
    /// Takes the screen: the alternate one, without a cursor.
    static let begin = "\u{1B}[?1049h\u{1B}[?25l"
    /// Gives it back.
    static let end = "\u{1B}[?25h\u{1B}[?1049l"

    /// Draws lines over what stands there; those that do not fit are counted.
    static func frame(_ lines: [String], _ size: TerminalSize) -> String {
        var shown = lines
        if lines.count > size.rows, size.rows > 1 {
            let kept = size.rows - 1
            shown = lines.prefix(kept) + ["(\(lines.count - kept) more lines: the terminal is too small)"]
        }
        // Each line is cleared behind its text, and what is below the last one: nothing flickers.
        return "\u{1B}[H" + shown.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
    }
}
