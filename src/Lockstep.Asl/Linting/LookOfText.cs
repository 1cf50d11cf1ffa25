using Lockstep.Asl.Expressions;

namespace Lockstep.Asl.Linting;

/// <summary>Whether a text looks as if it were meant to be evaluated.</summary>
internal static class LookOfText
{
    private const int AnyNesting = 100;

    private static readonly ExpressionParser Parser = new(AnyNesting, static _ => { });

    /// <summary>
    /// A path into the input or the context object with at least one step, or a call of an intrinsic function. A dollar alone and the name of
    /// a variable are left out: prices and currencies look like that.
    /// </summary>
    public static bool IsPathOrCall(string text) =>
        (text.StartsWith("$.", StringComparison.Ordinal) || text.StartsWith("$[", StringComparison.Ordinal)
            || text.StartsWith("$$.", StringComparison.Ordinal) || text.StartsWith("$$[", StringComparison.Ordinal)
            || text.StartsWith("States.", StringComparison.Ordinal))
        && !IsAmount(text)
        && Parser.TryExpression(text, new PathUse(PathUseKind.Argument, ""), out _, out _);

    /// <summary>A path, calls left out.</summary>
    public static bool IsPath(string text) => text.StartsWith('$') && IsPathOrCall(text);

    // "$.50" is half a dollar.
    private static bool IsAmount(string text) => text.Length > 2 && text[1] == '.' && char.IsAsciiDigit(text[2]);
}
