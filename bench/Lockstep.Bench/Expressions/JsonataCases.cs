using System.Globalization;
using System.Text;

namespace Lockstep.Bench.Expressions;

/// <summary>An expression, the document that it is evaluated on, and the JSON text of what it has to give.</summary>
internal sealed record JsonataCase(string Name, string Expression, string Document, string Expected);

/// <summary>What states are written with: a field, a sum, a choice among many, a new shape for many, a message.</summary>
internal static class JsonataCases
{
    private const int Items = 100;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<JsonataCase> All { get; } =
    [
        new("path", "order.customer.address.city", Order(), "\"Toulouse\""),
        new("arithmetic", "(order.amount * order.rate + 12) / 4 - order.discount", Order(), "13.5"),
        new("filter over 100 items", "items[price > 50 and active].id", Many(), Filtered()),
        new("map of 100 objects", "items.{\"id\": id, \"total\": price * quantity, \"label\": name & \"!\"}", Many(), Mapped()),
        new("string building", "\"Order \" & order.id & \" for \" & $uppercase(order.customer.name) & \": \" & $string(order.amount)", Order(), "\"Order A-17 for ADA: 30\""),
    ];

    private static string Order() =>
        """{"order":{"id":"A-17","amount":30,"rate":2,"discount":4.5,"customer":{"name":"Ada","address":{"city":"Toulouse","zip":"31000"}}}}""";

    private static string Many() => Array("{\"items\":[", i => Invariant(
        $"{{\"id\":{i},\"name\":\"item {i}\",\"price\":{i},\"quantity\":{i % 7},\"active\":{(IsActive(i) ? "true" : "false")}}}"), "]}");

    private static string Filtered() => "[" + string.Join(',', Enumerable.Range(0, Items).Where(i => i > 50 && IsActive(i))) + "]";

    private static string Mapped() => Array("[", i => Invariant($"{{\"id\":{i},\"total\":{i * (i % 7)},\"label\":\"item {i}!\"}}"), "]");

    private static bool IsActive(int item) => item % 3 != 0;

    private static string Array(string open, Func<int, string> item, string close)
    {
        var text = new StringBuilder(open);
        return text.AppendJoin(',', Enumerable.Range(0, Items).Select(item)).Append(close).ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
