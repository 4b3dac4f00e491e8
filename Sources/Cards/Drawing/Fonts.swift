import CPangoCairo

/// The system's fonts as one renderer sees them. Pango lets one thread at a time use them.
final class Fonts {
    let context: OpaquePointer

    init() {
        // A map of its own: the default one belongs to the thread that asks.
        guard let map = pango_cairo_font_map_new(), let context = pango_font_map_create_context(map) else {
            preconditionFailure("Pango has neither fonts nor an error to say so")
        }
        self.context = context
        g_object_unref(UnsafeMutableRawPointer(map))  // The context keeps it.
        // Not what the machine's settings say: the same card is the same bytes.
        let options = cairo_font_options_create()
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        pango_context_set_base_dir(context, PANGO_DIRECTION_LTR)
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(context)) }

    func use(_ language: CardLanguage) {
        pango_context_set_language(context, pango_language_from_string(language.tag))
    }
}
