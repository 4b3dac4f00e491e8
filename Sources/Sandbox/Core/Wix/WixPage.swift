/// How a simulated Wix site shows a post, for people who look.
enum WixPage {
    static func html(of draft: WixSiteState.Draft, on site: WixSiteState, baseURL: String) -> String {
        let author = site.members.first { $0.id == draft.post["memberId"]?.text }?.nickname ?? "unknown"
        let labels = (draft.post["tagIds"]?.items ?? []).compactMap { id in site.tags.first { $0.id == id.text }?.label
        }
        let cover = draft.post["media"]?["wixMedia"]?["image"]?["id"]?.text
        let picture = cover.map { #"<img src="\#(escape("\(baseURL)/wix/media/\($0)"))" alt="" width="600">"# } ?? ""
        let body = (draft.post["richContent"]?["nodes"]?.items ?? []).map(html).joined(separator: "\n")
        return """
            <!doctype html>
            <html lang="\(escape(draft.post["language"]?.text ?? "en"))"><head><meta charset="utf-8">
            <title>\(escape(draft.title))</title>
            <style>body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font-family: sans-serif; line-height: 1.5 }</style>
            </head><body>
            <p>\(draft.isPublished ? "Published" : "Draft") on a simulated Wix site · by \(escape(author))</p>
            <h1>\(escape(draft.title))</h1>
            \(picture)
            <p><em>\(escape(draft.post["excerpt"]?.text ?? ""))</em></p>
            \(body)
            <p>\(escape(labels.map { "#\($0)" }.joined(separator: " ")))</p>
            </body></html>

            """
    }

    private static func html(_ node: JSONValue) -> String {
        let inner = (node["nodes"]?.items ?? []).map(html).joined()
        switch node["type"]?.text {
        case "TEXT": return text(node)
        case "HEADING":
            let level = min(max(node["headingData"]?["level"]?.whole ?? 2, 1), 6)
            return "<h\(level)>\(inner)</h\(level)>"
        case "PARAGRAPH": return inner.isEmpty ? "" : "<p>\(inner)</p>"
        case "BULLETED_LIST": return "<ul>\(inner)</ul>"
        case "ORDERED_LIST": return "<ol>\(inner)</ol>"
        case "LIST_ITEM": return "<li>\(inner)</li>"
        case "BLOCKQUOTE": return "<blockquote>\(inner)</blockquote>"
        case "CODE_BLOCK": return "<pre>\(inner)</pre>"
        case "DIVIDER": return "<hr>"
        default: return inner
        }
    }

    private static func text(_ node: JSONValue) -> String {
        var html = escape(node["textData"]?["text"]?.text ?? "")
        for decoration in node["textData"]?["decorations"]?.items ?? [] {
            switch decoration["type"]?.text {
            case "BOLD": html = "<strong>\(html)</strong>"
            case "ITALIC": html = "<em>\(html)</em>"
            case "LINK":
                let url = decoration["linkData"]?["link"]?["url"]?.text ?? ""
                html = #"<a href="\#(escape(url))" rel="nofollow noreferrer">\#(html)</a>"#
            default: break
            }
        }
        return html
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
