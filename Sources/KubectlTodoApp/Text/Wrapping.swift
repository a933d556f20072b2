/// A text in lines of a width at most, broken between words; a word that is longer than a line is broken itself.
func wrapped(_ text: String, width: Int) -> [String] {
    guard text.count > width, width > 0 else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        var word = word[...]
        if !line.isEmpty, line.count + 1 + word.count <= width {
            line += " \(word)"
            continue
        }
        if !line.isEmpty { lines.append(line) }
        while word.count > width {
            lines.append(String(word.prefix(width)))
            word = word.dropFirst(width)
        }
        line = String(word)
    }
    if !line.isEmpty { lines.append(line) }
    return lines
}

/// A time span as kubectl's AGE column has it: one or two units, the coarser the longer it is.
func ageText(since created: Double, now: Double) -> String {
    let seconds = Int(max(0, now - created))
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400)
    func two(_ whole: Int, _ unit: String, _ rest: Int, _ restUnit: String) -> String {
        rest == 0 ? "\(whole)\(unit)" : "\(whole)\(unit)\(rest)\(restUnit)"
    }
    if seconds < 120 { return "\(seconds)s" }
    if minutes < 10 { return two(minutes, "m", seconds % 60, "s") }
    if hours < 3 { return "\(minutes)m" }
    if hours < 8 { return two(hours, "h", minutes % 60, "m") }
    if days < 2 { return "\(hours)h" }
    return days < 8 ? two(days, "d", hours % 24, "h") : "\(days)d"
}
