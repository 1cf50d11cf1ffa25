using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Json.Paths;

/// <summary>Either the changed document or the reason why the place cannot be set; never both.</summary>
public readonly record struct ReferencePathSetResult
{
    private ReferencePathSetResult(JsonValue? value, string? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>The changed document, or null.</summary>
    public JsonValue? Value { get; }

    /// <summary>The reason, one sentence, or null.</summary>
    public string? Problem { get; }

    /// <summary>Whether there is a changed document.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Value is not null;

    internal static ReferencePathSetResult Of(JsonValue value) => new(value, null);

    internal static ReferencePathSetResult Refuse(string problem) => new(null, problem);
}
