using System.Diagnostics.CodeAnalysis;
using Lockstep.Asl.Expressions;
using Lockstep.Json;
using Lockstep.Json.Paths;
using Lockstep.Jsonata;

namespace Lockstep.Asl.Evaluation;

/// <summary>What an expression on its own comes to: a value, nothing, or a failure.</summary>
/// <param name="Result">The value; null when there is none.</param>
/// <param name="Code">What kind of failure it is: <c>InvalidExpression</c>, the name of a States error, or a code of JSONata; null when there is none.</param>
/// <param name="Message">What is wrong; null when nothing is.</param>
/// <param name="Position">Where in the expression, counted in characters from 0; null when that is not known.</param>
public sealed record ExpressionOutcome(JsonValue? Result, string? Code, string? Message, int? Position)
{
    /// <summary>Whether the expression selects nothing.</summary>
    public bool IsUndefined => Result is null && Code is null;
}

/// <summary>Evaluates paths, intrinsic functions and JSONata without a state around them.</summary>
public static class StandaloneExpression
{
    private const string Invalid = "InvalidExpression";
    private const string Field = "expr";

    /// <summary>Evaluates a path: <c>$</c> is the data, <c>$name</c> a binding.</summary>
    /// <param name="text">The path.</param>
    /// <param name="data">What it selects from.</param>
    /// <param name="bindings">The variables.</param>
    public static ExpressionOutcome EvaluatePath(string text, JsonValue data, JsonObject bindings)
    {
        var scope = new BoundScope(data, bindings, () => 0);
        if (!Parser().TryPath(text, new PathUse(PathUseKind.StateField, Field), out PathExpression? path, out string? reason))
        {
            int? position = JsonPath.TryParse(text, out _, out JsonPathError? error) ? null : error.Offset;
            return new ExpressionOutcome(null, Invalid, reason, position);
        }

        return path.Read(scope, out JsonValue? value) switch
        {
            PathOutcome.Found => new ExpressionOutcome(value, null, null, null),
            PathOutcome.TooMuchWork => Failed(scope.TooMuchWork(text)),
            _ => new ExpressionOutcome(null, null, null, null),
        };
    }

    /// <summary>Evaluates the call of an intrinsic function.</summary>
    /// <param name="text">The call.</param>
    /// <param name="data">What <c>$</c> means in it.</param>
    /// <param name="bindings">The variables.</param>
    /// <param name="random">Draws 64 random bits.</param>
    public static ExpressionOutcome EvaluateIntrinsic(string text, JsonValue data, JsonObject bindings, Func<ulong> random)
    {
        if (!Parser().TryExpression(text, new PathUse(PathUseKind.TemplateField, Field), out ValueExpression? expression, out string? reason))
        {
            return new ExpressionOutcome(null, Invalid, reason, null);
        }

        Evaluated evaluated = expression.Evaluate(new BoundScope(data, bindings, random));
        return evaluated.Succeeded ? new ExpressionOutcome(evaluated.Value, null, null, null) : Failed(evaluated.Error);
    }

    /// <summary>Evaluates a JSONata expression.</summary>
    /// <param name="text">The expression, without delimiters.</param>
    /// <param name="data">Its input; null for none at all.</param>
    /// <param name="bindings">The variables.</param>
    /// <param name="now">What <c>$now()</c> shows.</param>
    /// <param name="random">Draws 64 random bits.</param>
    public static ExpressionOutcome EvaluateJsonata(string text, JsonValue? data, JsonObject bindings, DateTimeOffset now, Func<ulong> random)
    {
        try
        {
            var context = new JsonataContext(now.ToUnixTimeMilliseconds(), random);
            return new ExpressionOutcome(JsonataExpression.Compile(text).Evaluate(data, bindings, context), null, null, null);
        }
        catch (JsonataException failure)
        {
            return new ExpressionOutcome(null, failure.Code, failure.Message, failure.Position < 0 ? null : failure.Position);
        }
    }

    private static ExpressionParser Parser() => new(AslLimits.Default.MaxIntrinsicNesting, static _ => { });

    private static ExpressionOutcome Failed(StatesError error) => new(null, error.Name, error.Cause, null);

    private sealed class BoundScope(JsonValue data, JsonObject bindings, Func<ulong> random) : EvaluationScope
    {
        public override JsonValue Input => data;

        public override JsonValue Context => JsonObject.Empty;

        // Of JSONata only; an expression on its own is none.
        public override DateTimeOffset Now => DateTimeOffset.UnixEpoch;

        public override int MaxExpressionFuel => 0;

        public override int MaxExpressionDepth => 0;

        public override int MaxValueBytes => 262_144;

        public override int MaxWork => 10_000_000;

        public override int MaxRangeElements => 1_000;

        public override int MaxEncodedCharacters => 10_000;

        public override bool TryGetVariable(string name, [MaybeNullWhen(false)] out JsonValue value) => bindings.TryGet(name, out value);

        public override ulong NextRandom() => random();
    }
}
