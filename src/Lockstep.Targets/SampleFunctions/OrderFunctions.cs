using Lockstep.Json;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>The functions of an order: stock, card, parcel, and the messenger who asks for approval.</summary>
internal static class OrderFunctions
{
    /// <summary>The amount at which every card is declined, so that the saga has something to undo.</summary>
    public const long DeclinedAmount = 13;

    /// <summary>The country to which no parcel goes.</summary>
    public const string UnreachableCountry = "Atlantis";

    public static SampleOutcome ReserveStock(SampleCall call) => new SampleResult(JsonObject.Of(
        new JsonProperty("reservationId", JsonString.Of("reservation-" + OrderId(call))),
        new JsonProperty("items", JsonNumber.Of((Payload.Member(call.Input, "items") as JsonArray)?.Count ?? 0))));

    public static SampleOutcome ReleaseStock(SampleCall call) => new SampleResult(JsonObject.Of(
        new JsonProperty("reservationId", JsonString.Of("reservation-" + OrderId(call))), new JsonProperty("released", JsonBoolean.True)));

    public static SampleOutcome ChargeCard(SampleCall call)
    {
        long amount = Payload.Number(call.Input, "amount", 0);
        return amount == DeclinedAmount
            ? new SampleError("CardDeclined", $"The bank declined the charge of {amount}.")
            : new SampleResult(JsonObject.Of(
                new JsonProperty("chargeId", JsonString.Of("charge-" + OrderId(call))), new JsonProperty("amount", JsonNumber.Of(amount))));
    }

    public static SampleOutcome RefundCard(SampleCall call) => new SampleResult(JsonObject.Of(
        new JsonProperty("chargeId", JsonString.Of("charge-" + OrderId(call))), new JsonProperty("refunded", JsonBoolean.True)));

    public static SampleOutcome Ship(SampleCall call)
    {
        string country = Payload.Text(call.Input, "country", "somewhere");
        return country == UnreachableCountry
            ? new SampleError("NoCarrier", $"No carrier goes to {country}.")
            : new SampleResult(JsonObject.Of(
                new JsonProperty("parcel", JsonString.Of("parcel-" + OrderId(call))), new JsonProperty("country", JsonString.Of(country))));
    }

    public static SampleOutcome NotifyApprover(SampleCall call) => new SampleResult(JsonObject.Of("told", JsonBoolean.True))
    {
        Announcement = $"{Payload.Text(call.Input, "title", "A decision is needed.")} {Payload.Text(call.Input, "link", "(no link)")}",
    };

    private static string OrderId(SampleCall call) => Payload.Text(call.Input, "orderId", "unknown");
}
