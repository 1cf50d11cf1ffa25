using System.Globalization;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Queries;

/// <summary>What the result of an expression in some field has to be.</summary>
/// <param name="Kind">The JSON type; null when any will do.</param>
/// <param name="Check">Says what a value of that type has to be besides; null when it is.</param>
internal sealed record QueryResultType(JsonKind? Kind, Func<JsonValue, string?>? Check = null)
{
    /// <summary>Anything.</summary>
    public static QueryResultType Any { get; } = new((JsonKind?)null);

    /// <summary>An array.</summary>
    public static QueryResultType Array { get; } = new(JsonKind.Array);

    /// <summary>A boolean.</summary>
    public static QueryResultType Boolean { get; } = new(JsonKind.Boolean);

    /// <summary>A string.</summary>
    public static QueryResultType Text { get; } = new(JsonKind.String);

    /// <summary>A string with a timestamp in it.</summary>
    public static QueryResultType Timestamp { get; } = new(
        JsonKind.String, value => Rfc3339.TryParse(((JsonString)value).Value, out _) ? null : "a timestamp as in RFC 3339, such as 2030-01-31T17:30:00Z");

    /// <summary>A number from 0 to 100.</summary>
    public static QueryResultType Percentage { get; } = new(
        JsonKind.Number, value => ((JsonNumber)value).ToDouble() is >= 0 and <= 100 ? null : "a number between 0 and 100");

    /// <summary>A whole number in a range.</summary>
    public static QueryResultType Integer(long smallest, long largest) => new(
        JsonKind.Number,
        value => ((JsonNumber)value).TryGetInt64(out long whole) && whole >= smallest && whole <= largest
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"a whole number between {smallest} and {largest}"));

    /// <summary>The name of a JSON type, as causes show it.</summary>
    public static string NameOf(JsonKind kind) => kind.ToString().ToLowerInvariant();
}
