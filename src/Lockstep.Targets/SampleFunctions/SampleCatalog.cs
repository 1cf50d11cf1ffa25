using System.Collections.Frozen;

namespace Lockstep.Targets.SampleFunctions;

/// <summary>
/// The functions that the machines under <c>samples/</c> call. In development mode the server serves them itself, so that the samples run on
/// a fresh clone. Invariant: a pure function of payload and attempt; nothing is kept between calls.
/// </summary>
public static class SampleCatalog
{
    private static readonly FrozenDictionary<string, Func<SampleCall, SampleOutcome>> Functions =
        new Dictionary<string, Func<SampleCall, SampleOutcome>>(StringComparer.Ordinal)
        {
            ["reserve-stock"] = OrderFunctions.ReserveStock,
            ["release-stock"] = OrderFunctions.ReleaseStock,
            ["charge-card"] = OrderFunctions.ChargeCard,
            ["refund-card"] = OrderFunctions.RefundCard,
            ["ship"] = OrderFunctions.Ship,
            ["notify-approver"] = OrderFunctions.NotifyApprover,
            ["list-catalogue"] = CatalogueFunctions.List,
            ["price-item"] = CatalogueFunctions.Price,
            ["sum-prices"] = CatalogueFunctions.Sum,
            ["settle-account"] = LedgerFunctions.Settle,
            ["extract"] = WarehouseFunctions.Extract,
            ["transform"] = WarehouseFunctions.Transform,
            ["load"] = WarehouseFunctions.Load,
        }.ToFrozenDictionary();

    /// <summary>The names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Functions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Calls a function; null when there is none of the name.</summary>
    public static SampleOutcome? Call(string name, SampleCall call) => Functions.TryGetValue(name, out Func<SampleCall, SampleOutcome>? function)
        ? function(call)
        : null;
}
