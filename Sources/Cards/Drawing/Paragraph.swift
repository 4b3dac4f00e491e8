import CPangoCairo

/// A text laid out: as many lines as its box has room for, the last one cut with an ellipsis where it must be.
final class Paragraph {
    let layout: OpaquePointer
    private let lineHeight: Double

    /// - Parameters:
    ///   - fonts: a Pango context with the card's language.
    ///   - width: lines break there, between words or, in a word that is too long, between characters.
    ///   - height: room for at least one line whatever it is.
    init(
        _ text: String, _ style: TextStyle, families: String, fonts: OpaquePointer, width: Double, height: Double = 0,
        edge: Edge = .left
    ) {
        layout = pango_layout_new(fonts)
        // As text, never as markup.
        pango_layout_set_text(layout, text, -1)
        pango_layout_set_single_paragraph_mode(layout, 1)
        pango_layout_set_width(layout, Int32(width) * PANGO_SCALE)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        pango_layout_set_alignment(layout, Self.alignment(edge, for: text))
        let description = pango_font_description_new()
        defer { pango_font_description_free(description) }
        pango_font_description_set_family(description, families)
        pango_font_description_set_weight(description, style.weight)
        var lineHeight = 0.0
        for size in style.sizes {
            lineHeight = (size * style.leading).rounded()
            pango_font_description_set_absolute_size(description, size * Double(PANGO_SCALE))
            pango_layout_set_font_description(layout, description)
            Self.setLines(of: layout, height: lineHeight, count: max(1, Int32(height / lineHeight)))
            if pango_layout_is_ellipsized(layout) == 0 { break }
        }
        self.lineHeight = lineHeight
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    var lineCount: Int { Int(pango_layout_get_line_count(layout)) }
    var isCut: Bool { pango_layout_is_ellipsized(layout) != 0 }
    /// Characters for which no font has a shape, drawn as boxes.
    var unknownGlyphs: Int { Int(pango_layout_get_unknown_glyphs_count(layout)) }
    var height: Double { Double(lineCount) * lineHeight }

    /// What the lines take of the width.
    var width: Double {
        var logical = PangoRectangle()
        pango_layout_get_pixel_extents(layout, nil, &logical)
        return Double(logical.width)
    }

    /// Draws it in the vertical middle of a box as wide as it was laid out for. Marks that pile up are cut off a little
    /// way outside.
    func draw(on canvas: Canvas, in box: Box, _ color: Color) {
        let pad = lineHeight * 0.3
        cairo_save(canvas.context)
        canvas.rectangle(Box(box.x - 8, box.y - pad, box.width + 16, box.height + 2 * pad))
        cairo_clip(canvas.context)
        canvas.use(color)
        cairo_move_to(canvas.context, box.x, box.y + (box.height - height) / 2)
        pango_cairo_show_layout(canvas.context, layout)
        cairo_restore(canvas.context)
    }

    // Pango turns the alignment of a right-to-left line around; here an edge is an edge.
    private static func alignment(_ edge: Edge, for text: String) -> PangoAlignment {
        switch CardText.isRightToLeft(text) ? edge.opposite : edge {
        case .left: PANGO_ALIGN_LEFT
        case .right: PANGO_ALIGN_RIGHT
        case .middle: PANGO_ALIGN_CENTER
        }
    }

    private static func setLines(of layout: OpaquePointer, height: Double, count: Int32) {
        pango_layout_set_height(layout, -count)
        let attributes = pango_attr_list_new()
        pango_attr_list_insert(attributes, pango_attr_line_height_new_absolute(Int32(height) * PANGO_SCALE))
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
    }
}
