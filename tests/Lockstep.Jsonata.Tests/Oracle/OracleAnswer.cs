using System.Text.Json;
using Lockstep.Json;

namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>What an evaluation came to: a value, no value, or the code and the message of a failure.</summary>
internal sealed record OracleAnswer(string? Json, string? Code, string? Message)
{
    /// <summary>Where in the expression the failure is, if it is known.</summary>
    public int? Position { get; init; }

    /// <summary>Whether the text is not an expression.</summary>
    public bool IsMalformed => Code?.StartsWith('S') == true;

    /// <summary>Whether the reference failed in a way that it has no code for: a fault of its own, which says nothing about the language.</summary>
    public bool IsUncoded => Code?.StartsWith("uncoded", StringComparison.Ordinal) == true;

    /// <summary>Whether a limit of ours ended the evaluation.</summary>
    public bool IsLimit => Code?.StartsWith('U') == true;

    /// <summary>Reads a line of the oracle.</summary>
    public static OracleAnswer Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return Of(document.RootElement);
    }

    /// <summary>The answer in the members c, m and v of an object.</summary>
    public static OracleAnswer Of(JsonElement answer) =>
        answer.TryGetProperty("c", out JsonElement code)
            ? new OracleAnswer(null, code.GetString(), answer.TryGetProperty("m", out JsonElement message) ? message.GetString() : null)
            {
                Position = answer.TryGetProperty("p", out JsonElement position) && position.ValueKind == JsonValueKind.Number ? position.GetInt32() : null,
            }
            : new OracleAnswer(answer.TryGetProperty("v", out JsonElement value) ? value.GetRawText() : null, null, null);

    /// <summary>Evaluates with our own library.</summary>
    public static OracleAnswer Ours(DifferentialCase asked)
    {
        try
        {
            JsonValue? value = JsonataExpression.Compile(asked.Expression).Evaluate(JsonValue.Parse(asked.Document));
            return new OracleAnswer(value?.ToString(), null, null);
        }
        catch (JsonataException error)
        {
            return new OracleAnswer(null, error.Code, error.Message) { Position = error.Position < 0 ? null : error.Position };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Told beside the others, with the expression, instead of ending the run.
            return new OracleAnswer(null, $"crash: {error}", null);
        }
    }

    /// <summary>
    /// Whether both failed in different ways. The package evaluates the members of arrays, objects and calls side by side, so which of two
    /// faults it meets first is its own affair.
    /// </summary>
    public bool FailsOtherwise(OracleAnswer other) =>
        Code is not null && other.Code is not null && (Code != other.Code || Message != other.Message) && !IsCrash;

    private bool IsCrash => Code?.StartsWith("crash", StringComparison.Ordinal) == true;

    /// <summary>Whether both came to the same.</summary>
    public bool Agrees(OracleAnswer other)
    {
        if (Code is not null || other.Code is not null || Json is null || other.Json is null)
        {
            return Code == other.Code && Message == other.Message && Json == other.Json;
        }

        using JsonDocument mine = JsonDocument.Parse(Json);
        using JsonDocument theirs = JsonDocument.Parse(other.Json);
        return AreEqual(mine.RootElement, theirs.RootElement);
    }

    public override string ToString() => Code is null ? Json ?? "nothing" : $"{Code} at {Position}: {Message}";

    // Members in any order: ECMAScript puts names that are numbers first.
    private static bool AreEqual(JsonElement mine, JsonElement theirs) => mine.ValueKind == theirs.ValueKind && mine.ValueKind switch
    {
        JsonValueKind.Number => mine.GetDouble() == theirs.GetDouble(),
        JsonValueKind.String => mine.GetString() == theirs.GetString(),
        JsonValueKind.Array => mine.GetArrayLength() == theirs.GetArrayLength()
            && mine.EnumerateArray().Zip(theirs.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
        JsonValueKind.Object => mine.EnumerateObject().Count() == theirs.EnumerateObject().Count()
            && mine.EnumerateObject().All(member => theirs.TryGetProperty(member.Name, out JsonElement value) && AreEqual(member.Value, value)),
        _ => true,
    };
}
