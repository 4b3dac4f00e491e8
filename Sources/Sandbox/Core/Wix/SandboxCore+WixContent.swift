/// What posts refer to: members, tags, categories, files.
extension SandboxCore {
    private static let labelLengthMax = 50
    private static let tagPageMax = 500
    /// Larger files are uploaded in parts, which the sandbox does not take.
    private static let fileBytesMax = 10 << 20
    /// Two members of a site must be made this far apart.
    private static let memberPause = Duration.seconds(1)

    // MARK: Members

    func members(of instance: String, _ request: ProviderRequest) -> JSONValue {
        let all = wix[instance]?.members ?? []
        let offset = request.query["paging.offset"].flatMap { Int($0) } ?? 0
        let limit = min(request.query["paging.limit"].flatMap { Int($0) } ?? 50, 100)
        let isFull = request.wixFieldNames("fieldsets").contains("FULL")
        return [
            "members": .array(all.dropFirst(max(0, offset)).prefix(max(0, limit)).map { $0.json(isFull: isFull) }),
            "metadata": ["count": .int(min(limit, all.count)), "offset": .int(offset), "total": .int(all.count)],
        ]
    }

    mutating func makeMember(
        _ body: JSONValue, of instance: String, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        guard let email = body["member"]?["loginEmail"]?.text, email.contains("@") else {
            throw .invalid("member.loginEmail", "must be an address", rule: "EMAIL")
        }
        guard wix[instance]?.members.contains(where: { $0.email == email }) != true else {
            throw WixProblem(status: 409, "the member exists", code: "ALREADY_EXISTS")
        }
        if let last = wix[instance]?.memberMadeAt, now < last + Self.memberPause { throw .throttled }
        let member = WixSiteState.Member(
            id: wix.guid(), email: email, nickname: body["member"]?["profile"]?["nickname"]?.text ?? email)
        wix[instance]?.members.append(member)
        wix[instance]?.memberMadeAt = now
        return ["member": member.json(isFull: true)]
    }

    // MARK: Tags and categories

    func tags(of instance: String, _ request: ProviderRequest) -> JSONValue {
        let all = wix[instance]?.tags ?? []
        let offset = request.query["paging.offset"].flatMap { Int($0) } ?? 0
        let limit = min(request.query["paging.limit"].flatMap { Int($0) } ?? 50, Self.tagPageMax)
        return ["tags": .array(all.dropFirst(max(0, offset)).prefix(max(0, limit)).map { Self.json($0) })]
    }

    private static func json(_ tag: WixSiteState.Tag) -> JSONValue {
        ["id": .string(tag.id), "label": .string(tag.label), "slug": .string(tag.slug)]
    }

    mutating func makeTag(_ body: JSONValue, of instance: String) throws(WixProblem) -> JSONValue {
        let tag = try WixSiteState.Tag(id: wix.guid(), label: Self.label(body["label"], field: "label"))
        guard wix[instance]?.tags.contains(where: { $0.slug == tag.slug }) != true else {
            throw WixProblem(status: 409, "the tag exists", code: "ALREADY_EXISTS")
        }
        wix[instance]?.tags.append(tag)
        return ["tag": Self.json(tag)]
    }

    func categories(of instance: String) -> JSONValue {
        ["categories": .array((wix[instance]?.categories ?? []).map { Self.json($0) })]
    }

    private static func json(_ category: WixSiteState.Category) -> JSONValue {
        ["id": .string(category.id), "label": .string(category.label)]
    }

    mutating func makeCategory(_ body: JSONValue, of instance: String) throws(WixProblem) -> JSONValue {
        let label = try Self.label(body["category"]?["label"], field: "category.label")
        guard wix[instance]?.categories.contains(where: { $0.label == label }) != true else {
            throw WixProblem(status: 409, "the category exists", code: "ALREADY_EXISTS")
        }
        let category = WixSiteState.Category(id: wix.guid(), label: label)
        wix[instance]?.categories.append(category)
        return ["category": Self.json(category)]
    }

    private static func label(_ value: JSONValue?, field: String) throws(WixProblem) -> String {
        guard let label = value?.text, (1...labelLengthMax).contains(label.count) else {
            throw .invalid(field, "must have 1 to \(labelLengthMax) characters", rule: "MAX_LENGTH")
        }
        return label
    }

    // MARK: Files

    mutating func expectFile(_ request: ProviderRequest, of instance: String) throws(WixProblem) -> JSONValue {
        let body = try request.wixBody()
        guard let type = body["mimeType"]?.text, type.hasPrefix("image/") else {
            throw .invalid("mimeType", "must be an image", rule: "INVALID_MIME_TYPE")
        }
        let word = wix.expectUpload(WixUpload(instance: instance, contentType: type))
        return ["uploadUrl": .string("\(request.baseURL)/wix/upload/\(word)?once=true")]
    }

    /// Comes without a token: the address itself is the permission.
    mutating func takeFile(
        _ word: String, _ request: ProviderRequest, fails: Bool, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        guard request.headers["authorization"] == nil else {
            throw WixProblem(status: 400, "an upload takes no authorization", code: "BAD_REQUEST")
        }
        guard request.body.count <= Self.fileBytesMax else {
            throw WixProblem(status: 413, "the file is too large", code: "PAYLOAD_TOO_LARGE")
        }
        guard let upload = wix.takeUpload(word), request.query["filename"]?.isEmpty == false, !request.body.isEmpty
        else { throw .notFound }
        let ending = upload.contentType.split(separator: "/").last.map(String.init) ?? "png"
        let kept = wix[upload.instance]?.files.count ?? 0
        let file = WixSiteState.File(
            id: "\(wix.word(length: 6))_\(wix.word(length: 24))~mv2.\(ending)", contentType: upload.contentType,
            bytes: kept < WixSiteState.filesKeptMax ? request.body : nil, size: request.body.count,
            pixels: WixSiteState.File.pixels(of: request.body),
            settlesAt: now + .seconds(wix.conditions.mediaSeconds), fails: fails)
        wix[upload.instance]?.files[file.id] = file
        return ["file": file.json(baseURL: request.baseURL, at: now)]
    }

    /// `files/{id}`, or `files/get-file-by-id?fileId={id}`.
    func file(
        _ step: String, _ request: ProviderRequest, of instance: String, at now: Duration
    ) throws(WixProblem) -> JSONValue {
        let id = step == "get-file-by-id" ? request.query["fileId"] ?? "" : step
        guard let file = wix[instance]?.files[id] else { throw .notFound }
        return ["file": file.json(baseURL: request.baseURL, at: now)]
    }
}
