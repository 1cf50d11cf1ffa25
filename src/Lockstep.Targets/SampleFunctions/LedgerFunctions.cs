using Lockstep.Json;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>Settles accounts: what came in less what went out.</summary>
internal static class LedgerFunctions
{
    public static SampleOutcome Settle(SampleCall call)
    {
        string account = Payload.Text(call.Input, "account", "");
        return account.Length == 0
            ? new SampleError("NoAccount", "The payload names no account.")
            : new SampleResult(JsonObject.Of(
                new JsonProperty("account", JsonString.Of(account)),
                new JsonProperty("balance", JsonNumber.Of(Payload.Number(call.Input, "in", 0) - Payload.Number(call.Input, "out", 0)))));
    }
}
