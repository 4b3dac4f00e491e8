import FoundationEssentials
import Outbound

/// An error answer of Replicate's, classified.
enum ReplicateFailure {
    static func error(_ response: OutboundResponse, now: Date) -> ProviderError {
        let json = JSON(response.body)
        switch response.status {
        case 401, 403:
            return ProviderError(
                .unauthorized, "The image provider does not accept the key (\(response.status))",
                hint: "Check the API token.", retry: .never)
        case 402:
            return ProviderError(
                .quotaExhausted, "The image provider's account has no credit left",
                hint: "Add credit at the provider; until then articles have no pictures.", retry: .never)
        case 404: return unknownModel
        case 413:
            return ProviderError(
                .requestTooLarge, "The request is larger than the image provider accepts", retry: .never)
        case 422: return json?["title"]?.string?.contains("version") == true ? unknownModel : rejected(422)
        case 429:
            let wait = wait(json, response, now)
            let reduced = json?["detail"]?.string?.contains("reduced to") == true
            return ProviderError(
                .rateLimited, "The image provider asked us to slow down",
                hint: reduced ? "The account's credit is low, which lowers its limit: add credit." : nil,
                retry: .refused(after: wait))
        case 408, 425, 500...599:
            let wait = RetryAfter.wait(in: response.headers, now: now)
            return ProviderError(
                .unavailable, "The image provider cannot answer now (\(response.status))",
                retry: wait.map { .after($0) } ?? .backoff)
        case 300..<400:
            return ProviderError(
                .rejected, "The image provider's address redirects (\(response.status))",
                hint: "Set the base URL to the final address.", retry: .never)
        default: return rejected(response.status)
        }
    }

    private static var unknownModel: ProviderError {
        ProviderError(
            .modelNotFound, "The image model does not exist or is not permitted",
            hint: "Check the model's name, its version and that the base URL ends in /v1.", retry: .never)
    }

    private static func rejected(_ status: Int) -> ProviderError {
        ProviderError(
            .rejected, "The image provider rejects the request (\(status))",
            hint: "Check the model's input: aspect ratio and output format differ between models.", retry: .never)
    }

    /// A member of the body, the header, or a phrase: Replicate uses all three.
    private static func wait(_ json: JSON?, _ response: OutboundResponse, _ now: Date) -> Duration? {
        json?["retry_after"]?.number.map { RetryAfter.clamp($0) }
            ?? RetryAfter.wait(in: response.headers, now: now)
            ?? json?["detail"]?.string.flatMap { WaitPhrase.seconds(in: $0, after: "resets in ") }
            .map { min($0, RetryAfter.longest) }
    }
}
