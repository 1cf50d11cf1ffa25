using System.Collections.Immutable;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using Lockstep.Jsonata;
using Lockstep.Jsonata.Analysis;

namespace Lockstep.Asl.Queries;

/// <summary>
/// A JSONata expression of a state, compiled: it sees <c>$states</c>, the variables, the recorded time and the execution's random numbers, and no
/// input document. Immutable, shared by all executions.
/// </summary>
internal sealed class Query
{
    private const string States = "states";

    private static readonly JsonataOptions Options = new() { Functions = JsonataFunctionSet.Asl };

    private readonly JsonataExpression _expression;
    private readonly bool _mayReadContext;

    private Query(JsonataExpression expression)
    {
        _expression = expression;
        References = ReferencesOf(expression);
        _mayReadContext = References.MayRead("context");
    }

    /// <summary>The expression as written, without the marks around it.</summary>
    public string Text => _expression.Text;

    /// <summary>What it reads.</summary>
    public QueryReferences References { get; }

    /// <summary>Compiles an expression.</summary>
    /// <exception cref="JsonataException">The text is not an expression.</exception>
    public static Query Parse(string text) => new(JsonataExpression.Compile(text, Options));

    /// <summary>Evaluates the expression. What it costs is spent on the scope.</summary>
    /// <exception cref="JsonataException">The evaluation failed.</exception>
    public QueryOutcome Evaluate(EvaluationScope scope)
    {
        var fuel = new Fuel(Math.Min(scope.MaxExpressionFuel, scope.WorkLeft));
        long before = fuel.Left;
        try
        {
            var limits = new JsonataLimits { MaxFuel = before, MaxDepth = scope.MaxExpressionDepth };
            var context = new JsonataContext(scope.Now.ToUnixTimeMilliseconds(), scope.NextRandom, limits, fuel);
            JsonataResult result = _expression.EvaluateResult(null, new Bindings(scope, _mayReadContext), context);
            return new QueryOutcome(
                result.IsFunction ? QueryOutcomeKind.Unsupported : result.Value is null ? QueryOutcomeKind.Nothing : QueryOutcomeKind.Value, result.Value);
        }
        finally
        {
            scope.SpendOnExpression(before - fuel.Left);
        }
    }

    private static QueryReferences ReferencesOf(JsonataExpression expression)
    {
        var variables = ImmutableArray.CreateBuilder<QueryReference>();
        var functions = ImmutableArray.CreateBuilder<QueryReference>();
        var members = ImmutableArray.CreateBuilder<QueryReference>();
        bool readsWholeStates = false;
        foreach (JsonataReference reference in expression.References)
        {
            if (!reference.IsFree)
            {
                continue;
            }

            if (reference.Name != States)
            {
                (reference.IsFunction ? functions : variables).Add(new QueryReference(reference.Name, reference.Position));
            }
            else if (reference.Fields.Count > 0)
            {
                members.Add(new QueryReference(reference.Fields[0], reference.Position));
            }
            else
            {
                readsWholeStates = true;
            }
        }

        ImmutableArray<QueryReference> document =
            [.. DocumentReads.Find(expression.Text, Options.Limits).Select(read => new QueryReference(read.Text, read.Position))];
        return new QueryReferences(variables.ToImmutable(), functions.ToImmutable(), members.ToImmutable(), readsWholeStates, document);
    }

    /// <summary><c>$states</c> and the variables in scope.</summary>
    private sealed class Bindings(EvaluationScope scope, bool withContext) : IJsonataBindings
    {
        public JsonValue? Find(string name) => name == States ? StatesValue() : scope.TryGetVariable(name, out JsonValue? value) ? value : null;

        private JsonObject StatesValue()
        {
            var states = new JsonObjectBuilder(4).Add("input", scope.Input);
            if (withContext)
            {
                states.Add("context", scope.Context);
            }

            if (scope.Result is JsonValue result)
            {
                states.Add("result", result);
            }

            if (scope.ErrorOutput is JsonValue error)
            {
                states.Add("errorOutput", error);
            }

            return states.Build();
        }
    }
}
