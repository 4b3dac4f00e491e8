import Database
import Engine
import ProductKit
import Providers

extension Arena {
    /// What the engine has to know of the product.
    ///
    /// - Parameter database: the engine's own; read before a call goes out, never while it is under way.
    /// - Parameter otherAccounts: who is asked where a step draws on another pool than the model's own, by that pool.
    package static func workflows(
        _ supplies: Supplies, database: any Database, languageModel: any LanguageModel,
        otherAccounts: [PoolName: ModelAccount] = [:]
    ) -> [any Workflow] {
        let settings = supplies.settings
        let call = ModelCall(
            languageModel, otherAccounts: otherAccounts,
            terms: ModelCall.Terms(
                provider: settings.textProvider, prices: settings.prices, defaultPause: settings.defaultPause,
                unusable: StepFailure.unusable))
        return [
            PersonaWriting<DraftTask>(database: database, call: call, supplies: supplies),
            PersonaWriting<PreviewTask>(database: database, call: call, supplies: supplies),
            PersonaWriting<ReplyTask>(database: database, call: call, supplies: supplies),
            BattleWriting(database: database, call: call, supplies: supplies),
            ThreadSummarizing(database: database, call: call, supplies: supplies),
            DigestMaking<DailyDigestTask>(database: database, supplies: supplies),
            DigestMaking<WeeklyDigestTask>(database: database, supplies: supplies),
        ]
    }

    /// The pools that are the product's own, beside the provider's that it shares.
    package static func pools(_ supplies: Supplies) -> [PoolDefinition] {
        [PoolDefinition(supplies.settings.digestPool)]
    }

    /// Whose jobs nobody in particular has asked for.
    static let systemTenant = "arena"
}
