extension Prediction {
    /// The prediction as the service shows it at a moment.
    /// - Parameter early: show the output of a success as if it were still processing, as waiting callers sometimes see.
    package func json(at now: Duration, scale: TimeScale, early: Bool = false) -> JSONValue {
        let status = status(at: now)
        let isRemoved = isRemoved(at: now)
        let shown = early && status == .succeeded ? Status.processing : status
        return [
            "id": .string(id), "model": .string(model), "version": .string(version),
            "input": isRemoved ? [:] : input,
            "output": hasOutput(at: now) ? output : nil,
            "logs": .string(
                isRemoved || status == .starting ? "" : "sandbox: drawing \(picture.width)x\(picture.height)\n"),
            "error": status == .failed ? JSONValue(failure) : nil,
            "status": .string(shown.rawValue),
            "created_at": .string(scale.stamp(at: createdAt)),
            "started_at": now >= startsAt && status != .aborted ? .string(scale.stamp(at: startsAt)) : nil,
            "completed_at": shown.isTerminal ? .string(scale.stamp(at: finishedAt)) : nil,
            "data_removed": .bool(isRemoved),
            "deadline": deadline.map { .string(scale.stamp(at: $0)) } ?? nil,
            "source": "api",
            "metrics": shown.isTerminal ? metrics(scale: scale) : [:],
            "urls": urls,
        ]
    }

    private var output: JSONValue {
        let links = (0..<outputs).map { JSONValue.string("\(baseURL)/files/\(id)/out-\($0).png") }
        return hasSingleOutput ? links[0] : .array(links)
    }

    private var urls: JSONValue {
        let get = "\(baseURL)/v1/predictions/\(id)"
        return ["get": .string(get), "cancel": .string(get + "/cancel"), "web": .string("\(baseURL)/p/\(id)")]
    }

    private func metrics(scale: TimeScale) -> JSONValue {
        func seconds(_ from: Duration) -> JSONValue {
            .double(Double(scale.real(max(.zero, finishedAt - from)).inMilliseconds) / 1000)
        }
        return ["predict_time": seconds(startsAt), "total_time": seconds(createdAt)]
    }
}
