using Lockstep.Json;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>A nightly load whose source is busy at first and whose warehouse is locked at first, by script.</summary>
internal static class WarehouseFunctions
{
    /// <summary>Attempts of <c>extract</c> that fail before one succeeds.</summary>
    public const int BusyAttempts = 2;

    /// <summary>Attempts of <c>load</c> that fail before one succeeds.</summary>
    public const int LockedAttempts = 1;

    private const long OrdersPerDay = 1_200;
    private const long CustomersPerDay = 80;

    public static SampleOutcome Extract(SampleCall call) => call.Attempt < BusyAttempts
        ? new SampleError("SourceBusy", "The source takes its backup; try again later.")
        : new SampleResult(JsonObject.Of(
            new JsonProperty("day", JsonString.Of(Payload.Text(call.Input, "day", "unknown"))),
            new JsonProperty("orders", JsonNumber.Of(OrdersPerDay)),
            new JsonProperty("customers", JsonNumber.Of(CustomersPerDay))));

    public static SampleOutcome Transform(SampleCall call) => new SampleResult(JsonObject.Of(
        new JsonProperty("table", JsonString.Of(Payload.Text(call.Input, "table", "unknown"))),
        new JsonProperty("rows", JsonNumber.Of(Payload.Number(call.Input, "rows", 0)))));

    public static SampleOutcome Load(SampleCall call)
    {
        if (call.Attempt < LockedAttempts)
        {
            return new SampleError("WarehouseLocked", "Another load holds the lock.");
        }

        long rows = 0;
        foreach (JsonValue table in Payload.Member(call.Input, "tables") as JsonArray ?? JsonArray.Empty)
        {
            rows += Payload.Number(table, "rows", 0);
        }

        return new SampleResult(JsonObject.Of(
            new JsonProperty("day", JsonString.Of(Payload.Text(call.Input, "day", "unknown"))), new JsonProperty("rows", JsonNumber.Of(rows))));
    }
}
