import Yams

/// The settings of a YAML file, flattened: `db: {pool_max: 5}` and `db_pool_max: 5` are the same setting.
///
/// Read through Yams rather than a configuration library: keys nobody asked for, line numbers and names with dots
/// in them (models) must survive.
struct FileSettings {
    /// One scalar of the file.
    struct Entry: Sendable {
        /// The key as the file writes it, sections joined with `_`.
        let key: String
        /// The key as the environment would write it.
        let setting: String
        let path: [String]
        let text: String
        let source: SettingSource
    }

    /// A file is small; these bounds stop a wrong path or hostile aliases, not people.
    private static let sizeBytesMax = 1 << 20
    private static let entriesMax = 500
    private static let depthMax = 8

    private let name: String
    private var entries: [Entry] = []
    private var read: Set<String> = []
    private(set) var problems: [ConfigurationError.Problem] = []

    init(_ file: ConfigurationFile?) {
        name = file?.name ?? ""
        switch file?.contents {
        case .none: break
        case .unreadable(let reason): refuse("cannot be read: \(reason)", line: nil)
        case .text(let text) where text.utf8.count > Self.sizeBytesMax: refuse("is larger than 1MiB", line: nil)
        case .text(let text): parse(text)
        }
    }

    func entry(_ name: String) -> Entry? {
        entries.first { $0.setting == name }
    }

    mutating func markRead(_ name: String) { read.insert(name) }

    mutating func takeSection(_ section: String) -> [Entry] {
        let taken = entries.filter { Self.settingName($0.path[0]) == section }
        entries.removeAll { Self.settingName($0.path[0]) == section }
        return taken
    }

    /// Entries that no setting asked for, in the file's order.
    var unread: [Entry] { entries.filter { !read.contains($0.setting) } }

    private static func settingName(_ key: String) -> String {
        key.uppercased().replacing("-", with: "_")
    }

    private mutating func parse(_ text: String) {
        do {
            guard let root = try Yams.compose(yaml: text) else { return }
            if root.scalar?.string.isEmpty == true { return }
            guard let mapping = root.mapping else { return refuse("expected settings such as `port: 8080`", line: nil) }
            flatten(mapping, under: [])
            refuseRepeated()
        } catch {
            let (problem, line) = Self.words(for: error)
            refuse("is not valid YAML: \(problem)", line: line)
        }
    }

    private mutating func flatten(_ mapping: Node.Mapping, under path: [String]) {
        for (key, value) in mapping {
            guard entries.count < Self.entriesMax, path.count < Self.depthMax else {
                return refuse("has too many or too deeply nested settings", line: key.mark?.line)
            }
            guard let word = key.scalar?.string else {
                refuse("expected a plain name before the colon", line: key.mark?.line)
                continue
            }
            switch value {
            case .mapping(let inner): flatten(inner, under: path + [word])
            case .scalar(let scalar): append(scalar, path: path + [word], line: key.mark?.line)
            case .sequence, .alias: refuseList((path + [word]).joined(separator: "_"), line: key.mark?.line)
            }
        }
    }

    private mutating func append(_ scalar: Node.Scalar, path: [String], line: Int?) {
        // Unquoted `null` and `~` mean "not set"; quoted they are text.
        let isNull = scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string)
        let source = SettingSource.file(name: name, line: line)
        let text = isNull ? "" : scalar.string.trimmed
        let key = path.joined(separator: "_")
        entries.append(Entry(key: key, setting: Self.settingName(key), path: path, text: text, source: source))
    }

    private mutating func refuseRepeated() {
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.setting).inserted {
            let advice = "given twice in the file"
            problems.append(.init(key: entry.key, shown: nil, expected: advice, source: entry.source))
        }
    }

    private mutating func refuseList(_ key: String, line: Int?) {
        let source = SettingSource.file(name: name, line: line)
        problems.append(.init(key: key, shown: nil, expected: "expected one value, not a list", source: source))
    }

    private mutating func refuse(_ expected: String, line: Int?) {
        let source = SettingSource.file(name: name, line: line)
        problems.append(.init(key: "settings file", shown: nil, expected: expected, source: source))
    }

    /// The parser's own descriptions quote the offending lines, which may hold secrets; only its words are kept.
    private static func words(for error: any Error) -> (String, Int?) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            (problem, mark.line)
        case YamlError.reader(let problem, _, _, _): (problem, nil)
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            ("given twice: \(keys.joined(separator: ", "))", context.mark.line)
        default: ("it cannot be parsed", nil)
        }
    }
}
