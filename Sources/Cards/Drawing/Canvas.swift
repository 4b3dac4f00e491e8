import CPangoCairo

/// A Cairo image with the few operations a card needs. Not thread-safe: one thread at a time uses it.
final class Canvas {
    let width: Int
    let height: Int
    let context: OpaquePointer
    private let surface: OpaquePointer

    /// - Throws: ``CardError/notDrawn`` without memory.
    init(width: Int, height: Int) throws(CardError) {
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            let context = cairo_create(surface)
        else { throw .notDrawn }
        self.width = width
        self.height = height
        self.surface = surface
        self.context = context
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    // MARK: Shapes. Each replaces the path; `fill` and `stroke` use it up.

    func rectangle(_ box: Box, radius: Double = 0) {
        guard radius > 0 else { return cairo_rectangle(context, box.x, box.y, box.width, box.height) }
        let quarter = Double.pi / 2
        cairo_new_sub_path(context)
        cairo_arc(context, box.right - radius, box.y + radius, radius, -quarter, 0)
        cairo_arc(context, box.right - radius, box.bottom - radius, radius, 0, quarter)
        cairo_arc(context, box.x + radius, box.bottom - radius, radius, quarter, 2 * quarter)
        cairo_arc(context, box.x + radius, box.y + radius, radius, 2 * quarter, 3 * quarter)
        cairo_close_path(context)
    }

    func circle(_ x: Double, _ y: Double, radius: Double) {
        cairo_new_sub_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * Double.pi)
    }

    /// A star of four points: the sign under which people know AI texts.
    func sparkle(_ x: Double, _ y: Double, radius: Double) {
        let waist = radius * 0.16
        cairo_move_to(context, x, y - radius)
        for (tip, bend) in [
            ((radius, 0.0), (waist, -waist)), ((0.0, radius), (waist, waist)), ((-radius, 0.0), (-waist, waist)),
            ((0.0, -radius), (-waist, -waist)),
        ] {
            cairo_curve_to(context, x + bend.0, y + bend.1, x + bend.0, y + bend.1, x + tip.0, y + tip.1)
        }
        cairo_close_path(context)
    }

    // MARK: Paint

    func fill(_ color: Color) {
        use(color)
        cairo_fill(context)
    }

    func stroke(_ color: Color, width: Double) {
        use(color)
        cairo_set_line_width(context, width)
        cairo_stroke(context)
    }

    func fillLinear(from start: (Double, Double), to end: (Double, Double), _ stops: [(Double, Color)]) {
        fill(cairo_pattern_create_linear(start.0, start.1, end.0, end.1), stops)
    }

    func fillRadial(center: (Double, Double), radius: Double, _ stops: [(Double, Color)]) {
        fill(cairo_pattern_create_radial(center.0, center.1, 0, center.0, center.1, radius), stops)
    }

    func use(_ color: Color) { cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha) }

    private func fill(_ pattern: OpaquePointer?, _ stops: [(Double, Color)]) {
        for (offset, color) in stops {
            cairo_pattern_add_color_stop_rgba(pattern, offset, color.red, color.green, color.blue, color.alpha)
        }
        cairo_set_source(context, pattern)
        cairo_fill(context)
        cairo_pattern_destroy(pattern)
    }

    /// Covers everything with another picture of the same size.
    func paint(_ other: Canvas) {
        cairo_set_source_surface(context, other.surface, 0, 0)
        cairo_paint(context)
    }

    // MARK: Output

    /// Lends the pixels: rows from the top, four bytes each (blue, green, red, unused), `stride` bytes from one row to
    /// the next.
    /// - Throws: ``CardError/notDrawn`` when something above has failed; Cairo remembers it until here.
    func withPixels<R>(_ body: (_ pixels: UnsafeRawPointer, _ stride: Int) -> R) throws(CardError) -> R {
        cairo_surface_flush(surface)
        guard cairo_status(context) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface) else {
            throw .notDrawn
        }
        return body(data, Int(cairo_image_surface_get_stride(surface)))
    }
}
