using System.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Expressions;

/// <summary>Where a path stands. It decides how the failure is worded when the path selects nothing.</summary>
internal enum PathUseKind
{
    /// <summary>A field of a state that is a path as a whole: <c>InputPath</c>, <c>OutputPath</c>, <c>ItemsPath</c>.</summary>
    StateField,

    /// <summary>A field of a payload template whose name ends in <c>.$</c>.</summary>
    TemplateField,

    /// <summary>A field that must select one scalar: <c>SecondsPath</c>, <c>TimeoutSecondsPath</c>, <c>ErrorPath</c>, …</summary>
    ScalarField,

    /// <summary>An argument of an intrinsic function; the call words the failure.</summary>
    Argument,

    /// <summary>A side of a comparison in a Choice rule.</summary>
    Condition,
}

/// <summary>A use of a path.</summary>
/// <param name="Kind">Where the path stands.</param>
/// <param name="Field">The name of the field, as written.</param>
internal readonly record struct PathUse(PathUseKind Kind, string Field)
{
    /// <summary>
    /// Whether an index beyond the elements of an array selects null. So does Step Functions where it takes the value as it is; a scalar is asked for
    /// by its type, and a condition says that there is no such value.
    /// </summary>
    public bool SelectsNullPastTheEnd => Kind is PathUseKind.StateField or PathUseKind.TemplateField or PathUseKind.Argument;

    public StatesError NothingSelected(PathExpression path, EvaluationScope scope) => new(StatesErrorNames.Runtime, Kind switch
    {
        PathUseKind.StateField => $"Invalid path '{path.Text}' : {path.NothingSelectedIn(path.Root(scope))}",
        PathUseKind.TemplateField => path is VariablePath variable && !variable.IsAssigned(scope)
            ? $"The variable '${variable.Name}' used in the field '{Field}' has not been assigned a value"
            : $"The JSONPath '{path.Text}' specified for the field '{Field}' could not be found in the input '{Shown.Of(path.Root(scope))}'",
        PathUseKind.ScalarField => $"The {Field} parameter does not reference an input value: {path.Text}",
        PathUseKind.Argument => $"The JsonPath argument for the field '{path.Text}' could not be found in the input '{Shown.Of(path.Root(scope))}'",
        PathUseKind.Condition => $"Invalid path '{path.Text}': The choice state's condition path references an invalid value.",
        _ => throw new UnreachableException(),
    });
}

/// <summary>How values appear inside a cause.</summary>
internal static class Shown
{
    /// <summary>Bytes of a value that a cause repeats; a longer value is named by its size, so that an error never outgrows its input.</summary>
    public const int MaxBytes = 16 * 1024;

    public static string Of(JsonValue? value) => value switch
    {
        null => "",
        { Utf8Length: > MaxBytes } => $"({value.Utf8Length} bytes of JSON)",
        _ => value.ToString(),
    };

    /// <summary>A text as long as a value may be in a cause.</summary>
    public static string Text(string text) => text.Length <= MaxBytes ? text : string.Concat(text.AsSpan(0, MaxBytes), "…");

    /// <summary>The content of a string, the JSON text of anything else.</summary>
    public static string Content(JsonValue value) =>
        value is JsonString { Value.Length: <= MaxBytes } text ? text.Value : Of(value);
}
