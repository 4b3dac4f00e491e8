/// What a card says of itself to machines: who made it, what it shows, and that its texts are an AI's.
///
/// The mark is IPTC's `DigitalSourceType`, in XMP, which is where programs look for it; the plain texts beside it are for
/// whoever opens the file with less.
struct PNGMarks {
    /// A picture put together from parts, some of which a model has made.
    static let sourceType = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    static let comment = "The texts on this card were written by AI personas and judged by an AI."
    private let card: BattleCard

    init(_ card: BattleCard) { self.card = card }

    var chunks: [PNGChunk] {
        [
            Self.plainText("Software", "Pressroom"), Self.plainText("AI-Generated", "true"),
            Self.plainText("Comment", Self.comment), text("Title", card.topic), text("XML:com.adobe.xmp", xmp),
        ]
    }

    /// `tEXt`: Latin 1 only, so for our own words.
    private static func plainText(_ keyword: String, _ text: String) -> PNGChunk {
        PNGChunk("tEXt", Array(keyword.utf8) + [0] + Array(text.utf8))
    }

    /// `iTXt`: UTF-8, not compressed, without language and translated keyword.
    private func text(_ keyword: String, _ text: String) -> PNGChunk {
        PNGChunk("iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + Array(text.utf8))
    }

    private var xmp: String {
        """
        <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
        xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" \
        Iptc4xmpExt:DigitalSourceType="\(Self.sourceType)">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">\(Self.escaped(card.topic))</rdf:li></rdf:Alt></dc:title>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        <?xpacket end="r"?>
        """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
