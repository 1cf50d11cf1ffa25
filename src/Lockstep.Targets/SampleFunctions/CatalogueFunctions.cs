using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>A catalogue of items whose price follows from their number.</summary>
internal static class CatalogueFunctions
{
    private const long MostItems = 10_000;
    private const long CheapestCents = 100;
    private const long PriceStepCents = 37;
    private const long PriceRangeCents = 1_000;

    public static SampleOutcome List(SampleCall call)
    {
        long count = Payload.Number(call.Input, "items", 0);
        if (count is < 0 or > MostItems)
        {
            return new SampleError("CatalogueTooLarge", string.Create(CultureInfo.InvariantCulture, $"Ask for 0 to {MostItems} items."));
        }

        var items = new JsonArrayBuilder();
        for (long number = 1; number <= count; number++)
        {
            items.Add(JsonString.Of(string.Create(CultureInfo.InvariantCulture, $"sku-{number}")));
        }

        return new SampleResult(items.ToArray());
    }

    public static SampleOutcome Price(SampleCall call)
    {
        string sku = Payload.Text(call.Input, "sku", "");
        return sku.StartsWith("sku-", StringComparison.Ordinal)
            && long.TryParse(sku.AsSpan("sku-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new SampleResult(JsonObject.Of(
                new JsonProperty("sku", JsonString.Of(sku)), new JsonProperty("cents", JsonNumber.Of(CheapestCents + (number * PriceStepCents % PriceRangeCents)))))
            : new SampleError("NoSuchItem", $"There is no item '{sku}'.");
    }

    public static SampleOutcome Sum(SampleCall call)
    {
        long sum = 0;
        var prices = Payload.Member(call.Input, "prices") as JsonArray ?? JsonArray.Empty;
        foreach (JsonValue price in prices)
        {
            if (price is not JsonNumber number || !number.TryGetInt64(out long cents))
            {
                return new SampleError("NoPrice", "Every price must be a whole number of cents.");
            }

            sum += cents;
        }

        return new SampleResult(JsonObject.Of(new JsonProperty("items", JsonNumber.Of(prices.Count)), new JsonProperty("cents", JsonNumber.Of(sum))));
    }
}
