import FoundationEssentials

/// What providers send when all is well, and when they say plainly that it is not. What they write in words holds
/// `CANARY`, which must never be seen in an error of ours.
enum GoodAnswers {
    static let chat = [
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1795219200,"model":"gpt-4o-mini-2024-07-18",
         "choices":[{"index":0,"message":{"role":"assistant","content":"{\\"title\\":\\"CANARY\\"}","refusal":null},
         "finish_reason":"stop"}],"usage":{"prompt_tokens":120,"completion_tokens":340,"total_tokens":460,
         "prompt_tokens_details":{"cached_tokens":20}}}
        """,
        #"{"choices":[{"message":{"content":[{"type":"text","text":"CANARY"}]},"finish_reason":"eos"}],"usage":{}}"#,
        #"{"choices":[{"message":{"content":"","refusal":"CANARY"},"finish_reason":"length"}],"error":null}"#,
        #"{"error":{"message":"CANARY","type":"tokens","code":"rate_limit_exceeded"}}"#,
    ]

    static let responses = [
        """
        {"id":"resp_1","object":"response","status":"completed","error":null,"model":"gpt-4o-mini-2024-07-18",
         "output":[{"type":"reasoning","summary":[]},{"type":"message","content":[{"type":"output_text",
         "text":"{\\"title\\":\\"CANARY\\"}"}]}],"incomplete_details":null,
         "usage":{"input_tokens":120,"output_tokens":340,"input_tokens_details":{"cached_tokens":20}}}
        """,
        #"{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[],"usage":{}}"#,
        #"{"output":[{"type":"message","content":[{"type":"refusal","refusal":"CANARY"}]}]}"#,
        #"{"status":"failed","error":{"code":"server_error","message":"CANARY"}}"#,
    ]

    static let failures = [
        """
        {"error":{"message":"CANARY: rate limit reached on requests per day (RPD): Limit 200, Used 200. Please try \
        again in 7m12s.","type":"requests","param":null,"code":"rate_limit_exceeded"}}
        """,
        #"{"error":{"message":"CANARY try again in 9.998s.","type":"tokens","code":"rate_limit_exceeded"}}"#,
        #"{"error":{"message":"CANARY","type":"invalid","param":"max_tokens","code":"unknown_parameter"}}"#,
        #"{"error":{"message":"CANARY","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        #"{"error":"CANARY"}"#, #"{"detail":"CANARY"}"#, #"{"code":"content_filter","message":"CANARY"}"#,
        #"{"detail":"CANARY Your rate limit resets in ~30s.","status":429,"retry_after":5}"#,
        #"{"title":"Invalid version or not permitted","detail":"CANARY","status":422}"#,
        "<html><body><h1>502 CANARY</h1></body></html>",
    ]

    static let predictions = [
        """
        {"id":"gm3qorzdhgbf","model":"m","version":"hidden","input":{"prompt":"CANARY","seed":12345},
         "output":["https://replicate.delivery/a.png"],"error":null,"status":"succeeded","urls":{"get":"x"}}
        """,
        #"{"id":"a-b_1","status":"processing","output":"https://replicate.delivery/a.png","input":{"seed":7}}"#,
        #"{"id":"x","status":"failed","output":null,"error":"CANARY was flagged as sensitive (E005)"}"#,
        #"{"id":"x","status":"succeeded","output":null,"data_removed":true}"#,
    ]

    static let pages = [
        """
        {"previous":null,"next":"https://api.replicate.com/v1/predictions?cursor=2","results":[
         {"id":"a","status":"starting","input":{"seed":1}},{"id":"b","status":"failed","input":{"seed":2}}]}
        """,
        #"{"next":null,"results":[{"id":"c","status":"succeeded","output":"https://replicate.delivery/c.png"}]}"#,
    ]

    static let pictures = [
        """
        {"created":1795219200,"data":[{"b64_json":"\(Data(ImageFixture.png(3, 2)).base64EncodedString())",
         "revised_prompt":"CANARY"}],"usage":{"input_tokens":12,"output_tokens":340}}
        """,
        #"{"created":1,"data":[{"url":"https://files.example/CANARY.png"}],"usage":null}"#,
        #"{"error":{"message":"CANARY","type":"user_error","code":"moderation_blocked"}}"#,
    ]

    static let models = [
        #"{"object":"list","data":[{"id":"gpt-4o-mini","shutdown_date":"2027-01-14"},{"id":"gpt-6-luna"}]}"#
    ]

    static let ideas = [
        """
        {"ideas":[{"title":"CANARY rye","format":"guide","score":5,"why":null},
         {"title":"Oats","format":"list","score":7,"why":"short"}],"done":true}
        """,
        "Here you are:\n```json\n{\"ideas\":[],\"done\":false}\n```\nCANARY",
    ]

    /// Values of the headers in which providers tell their limits, their waits and the names of calls.
    static let headerValues = [
        "450", "449", "133ms", "1m30.951s", "6m0s", "30", "1.5", "250", "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "req_0123456789abcdef", "1h0m0s",
    ]

    static let locations = [
        "https://replicate.delivery/x/out.png", "https://storage.example/a.png?b=c", "/relative.png",
        "https://replicate.delivery.evil.example/out.png", "https://api.replicate.com:8443/v1/files/1",
    ]

    static let images: [[UInt8]] = [
        ImageFixture.png(1024, 576), ImageFixture.jpeg(640, 480),
        ImageFixture.webp("VP8X", [0, 0, 0, 0, 0xFF, 3, 0, 0x3F, 2, 0]),
        ImageFixture.webp("VP8L", [0x2F, 0xFF, 0xC3, 0x8F, 0]),
        ImageFixture.webp("VP8 ", [0, 0, 0, 0x9D, 1, 0x2A, 0, 4, 0x40, 2]),
        Array("GIF89a".utf8) + [64, 0, 64, 0, 0x80, 0, 0, 0x3B],
        [0, 0, 0, 0x1C] + Array("ftypavif".utf8) + [UInt8](repeating: 0, count: 32),
        Array("BM".utf8) + [UInt8](repeating: 1, count: 52),
        Array("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>".utf8),
    ]
}
