extension FaultScript.Strike {
    /// The fault that a model's name asks for, `sbx-429` and the like; nil for an ordinary name.
    ///
    /// Any fault can be asked for by its own name with dashes (`sbx-half-body`), the common ones also by status.
    package init?(modelNamed name: String) {
        guard name.hasPrefix("sbx-") else { return nil }
        let wish = String(name.dropFirst(4))
        switch wish {
        case "400": self.init(.badRequest)
        case "401": self.init(.invalidKey)
        case "403": self.init(.forbidden)
        case "404": self.init(.modelNotFound)
        case "429": self.init(.rateLimited, retryAfter: 1)
        case "429-bare": self.init(.rateLimited)
        case "429-quota": self.init(.insufficientQuota)
        case "429-too-large": self.init(.requestTooLarge)
        case "429-slow-down": self.init(.slowDown)
        case "500": self.init(.serverError)
        case "502": self.init(.badGatewayHTML)
        case "503": self.init(.overloaded)
        default:
            guard let fault = Fault(rawValue: wish.replacing("-", with: "_")) else { return nil }
            self.init(fault, retryAfter: fault == .rateLimited ? 1 : nil)
        }
    }
}
