/// The frame of a page that needs nothing but itself: no script, nothing from elsewhere.
struct Page {
    let title: String
    let description: String
    let language: String
    let body: String

    var html: String {
        """
        <!doctype html>
        <html lang="\(HTMLText.escape(language))" dir="\(Self.direction(of: language))">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" \
        content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'; base-uri 'none'; \
        form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <title>\(HTMLText.escape(title))</title>
        <meta name="description" content="\(HTMLText.escape(description))">
        <style>
        \(Stylesheet.text)
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    private static func direction(of language: String) -> String {
        let primary = language.split { $0 == "-" || $0 == "_" }.first?.lowercased() ?? ""
        return ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"].contains(primary) ? "rtl" : "ltr"
    }
}
