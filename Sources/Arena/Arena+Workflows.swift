import Database
import Engine
import Providers

extension Arena {
    /// What the engine has to know of the product.
    ///
    /// - Parameter database: the engine's own; read before a call goes out, never while it is under way.
    package static func workflows(
        _ supplies: Supplies, database: any Database, languageModel: any LanguageModel
    ) -> [any Workflow] {
        let call = ModelCall(model: languageModel, settings: supplies.settings)
        return [
            PersonaWriting<DraftTask>(database: database, call: call, supplies: supplies),
            PersonaWriting<PreviewTask>(database: database, call: call, supplies: supplies),
            PersonaWriting<ReplyTask>(database: database, call: call, supplies: supplies),
            BattleWriting(database: database, call: call, supplies: supplies),
            ThreadSummarizing(database: database, call: call, supplies: supplies),
        ]
    }
}
