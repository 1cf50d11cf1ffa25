using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;

namespace Lockstep.Asl.Model;

/// <summary>What Task, Parallel and Map have in common.</summary>
public abstract record WorkStateDefinition : StateDefinition
{
    /// <summary><c>Parameters</c>, <c>Arguments</c> in a JSONata state, or the <c>ItemSelector</c> of a Map.</summary>
    public ValueExpression? Parameters { get; init; }

    /// <summary><c>ResultSelector</c>.</summary>
    public ValueExpression? ResultSelector { get; init; }

    /// <summary><c>ResultPath</c>.</summary>
    public ResultPlacement? ResultPath { get; init; }

    /// <summary><c>Retry</c>, with the defaults filled in.</summary>
    public ImmutableArray<Retrier> Retry { get; init; } = [];

    /// <summary><c>Catch</c>.</summary>
    public ImmutableArray<CatcherDefinition> Catch { get; init; } = [];
}

/// <summary>An element of <c>Catch</c>.</summary>
/// <param name="ErrorEquals">The error names that it handles.</param>
/// <param name="Next">Name of the state that goes on.</param>
/// <param name="ResultPath">Where the error output goes; null when absent.</param>
/// <param name="Assign">Variables it assigns; null when absent.</param>
/// <param name="Output"><c>Output</c> in a JSONata state; null when absent.</param>
public sealed record CatcherDefinition(
    ImmutableArray<string> ErrorEquals, string Next, ResultPlacement? ResultPath, AssignTemplate? Assign, ValueExpression? Output);
