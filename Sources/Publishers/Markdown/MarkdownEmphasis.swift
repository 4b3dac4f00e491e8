/// Pairs `*` and `_` marks into emphasis.
enum MarkdownEmphasis {
    typealias Inline = MarkdownDocument.Inline

    enum Piece {
        case inline(Inline)
        case mark(Mark)
    }

    /// A run of one mark and which way it may face.
    struct Mark {
        let scalar: Unicode.Scalar
        var count: Int
        let canOpen: Bool
        let canClose: Bool

        init(_ scalar: Unicode.Scalar, count: Int, before: Unicode.Scalar, after: Unicode.Scalar) {
            let facesRight = !after.isSpace && (!after.isPunctuation || before.isSpace || before.isPunctuation)
            let facesLeft = !before.isSpace && (!before.isPunctuation || after.isSpace || after.isPunctuation)
            self.scalar = scalar
            self.count = count
            // Inside a word an underscore is a letter.
            canOpen = facesRight && (scalar == "*" || !facesLeft || before.isPunctuation)
            canClose = facesLeft && (scalar == "*" || !facesRight || after.isPunctuation)
        }

        var text: Inline { .text(String(repeating: Character(scalar), count: count)) }
    }

    /// An open mark and what has come since.
    private struct Frame {
        var mark: Mark
        var children: [Inline] = []
    }

    static func pair(_ pieces: ArraySlice<Piece>) -> [Inline] {
        var root: [Inline] = []
        var frames: [Frame] = []
        for piece in pieces {
            switch piece {
            case .inline(let inline): append([inline], to: &frames, &root)
            case .mark(var mark):
                if mark.canClose { close(&mark, &frames, &root) }
                if mark.count == 0 { continue }
                if mark.canOpen, frames.count < MarkdownInlines.nestingMax {
                    frames.append(Frame(mark: mark))
                } else {
                    append([mark.text], to: &frames, &root)
                }
            }
        }
        return root + frames.flatMap { [$0.mark.text] + $0.children }
    }

    /// Ends the nearest frame with the same mark, as often as the run allows. Frames above it become text.
    private static func close(_ mark: inout Mark, _ frames: inout [Frame], _ root: inout [Inline]) {
        while mark.count > 0, let index = frames.lastIndex(where: { $0.mark.scalar == mark.scalar }) {
            let dropped = frames[(index + 1)...].flatMap { [$0.mark.text] + $0.children }
            frames.removeSubrange((index + 1)...)
            var frame = frames.removeLast()
            let used = min(2, mark.count, frame.mark.count)
            let inner = frame.children + dropped
            let node: Inline = used == 2 ? .strong(inner) : .emphasis(inner)
            mark.count -= used
            frame.mark.count -= used
            if frame.mark.count > 0 {
                frame.children = [node]
                frames.append(frame)
            } else {
                append([node], to: &frames, &root)
            }
        }
    }

    private static func append(_ inlines: [Inline], to frames: inout [Frame], _ root: inout [Inline]) {
        if frames.isEmpty {
            root.append(contentsOf: inlines)
        } else {
            frames[frames.count - 1].children.append(contentsOf: inlines)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isSpace: Bool { properties.isWhitespace }
    fileprivate var isPunctuation: Bool {
        switch properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
