using System.Collections.Immutable;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using Lockstep.Json.Paths;

namespace Lockstep.Asl.Compiled;

/// <summary>One state, compiled. The derived records are closed: one for each of the eight types.</summary>
public abstract record CompiledState
{
    /// <summary>The value of <see cref="NextState"/> when the state ends its scope.</summary>
    public const int End = -1;

    /// <summary>Position in <see cref="CompiledMachine.States"/>.</summary>
    public required int Index { get; init; }

    /// <summary>The scope that holds the state.</summary>
    public required int Scope { get; init; }

    /// <summary>The state's name, unique in its machine.</summary>
    public required string Name { get; init; }

    /// <summary>Which of the eight types it is; decides the names of its history events.</summary>
    public abstract StateType Type { get; }

    /// <summary>The query language of its expressions; decides how data flows through the state.</summary>
    public QueryLanguage QueryLanguage { get; init; }

    /// <summary>Index of the next state, or <see cref="End"/>. Meaningless for Choice, Succeed and Fail.</summary>
    public int NextState { get; init; } = End;

    /// <summary><c>InputPath</c>: picks the effective input; null when absent (the whole raw input).</summary>
    public ValueExpression? InputPath { get; init; }

    /// <summary><c>OutputPath</c>; null when absent (the whole).</summary>
    public ValueExpression? OutputPath { get; init; }

    /// <summary><c>Assign</c>: variable name to expression, evaluated together before any is set; null when absent.</summary>
    public AssignTemplate? Assign { get; init; }

    /// <summary><c>Output</c> of a JSONata state; null when absent (the result, else the input).</summary>
    public ValueExpression? Output { get; init; }
}

/// <summary>The variables that a state, a Choice rule or a Catcher assigns (States Language, "Assign").</summary>
public sealed record AssignTemplate(ValueExpression Template, ImmutableArray<string> Names);

/// <summary>Where a result goes in the raw input (States Language, "ResultPath").</summary>
/// <param name="Discard">True for <c>"ResultPath": null</c>: the result is dropped, the raw input goes on.</param>
/// <param name="Path">Where to put the result; null stands for <c>$</c>, the result replaces the input.</param>
public sealed record ResultPlacement(bool Discard, ReferencePath? Path);

/// <summary>Fields shared by Task, Parallel and Map: arguments in, result out, Retry and Catch.</summary>
public abstract record CompiledWorkState : CompiledState
{
    /// <summary><c>Parameters</c>, <c>Arguments</c> of a JSONata state, or the <c>ItemSelector</c> of a Map; null when absent.</summary>
    public ValueExpression? Parameters { get; init; }

    /// <summary><c>ResultSelector</c>; null when absent.</summary>
    public ValueExpression? ResultSelector { get; init; }

    /// <summary><c>ResultPath</c>; null when absent (the result replaces the input).</summary>
    public ResultPlacement? ResultPath { get; init; }

    /// <summary>Retriers in order.</summary>
    public ImmutableArray<Retrier> Retry { get; init; } = [];

    /// <summary>Catchers in order.</summary>
    public ImmutableArray<Catcher> Catch { get; init; } = [];
}

/// <summary>A Pass state.</summary>
public sealed record CompiledPass : CompiledState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Pass;

    /// <summary><c>Parameters</c>; null when absent.</summary>
    public ValueExpression? Parameters { get; init; }

    /// <summary><c>Result</c>: a fixed value used as the result; null when absent.</summary>
    public JsonValue? Result { get; init; }

    /// <summary><c>ResultPath</c>; null when absent.</summary>
    public ResultPlacement? ResultPath { get; init; }
}

/// <summary>A Task state.</summary>
public sealed record CompiledTask : CompiledWorkState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Task;

    /// <summary>What is called.</summary>
    public required Resources.TaskResource Resource { get; init; }

    /// <summary><c>TimeoutSeconds</c> or <c>TimeoutSecondsPath</c>; null when absent.</summary>
    public ValueExpression? TimeoutSeconds { get; init; }

    /// <summary><c>HeartbeatSeconds</c> or <c>HeartbeatSecondsPath</c>; null when absent.</summary>
    public ValueExpression? HeartbeatSeconds { get; init; }

    /// <summary><c>Credentials</c>: shown in TaskScheduled as <c>taskCredentials</c>; null when absent.</summary>
    public ValueExpression? Credentials { get; init; }
}

/// <summary>A Choice state.</summary>
public sealed record CompiledChoice : CompiledState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Choice;

    /// <summary>The rules in order; the first that matches wins.</summary>
    public required ImmutableArray<ChoiceRule> Rules { get; init; }

    /// <summary>Index of the <c>Default</c> state; -1 when absent.</summary>
    public int DefaultState { get; init; } = End;
}

/// <summary>A top-level rule of a Choice state.</summary>
/// <param name="Condition">When it matches.</param>
/// <param name="NextState">Index of the state that goes on.</param>
/// <param name="Assign">Variables it assigns; null when absent.</param>
/// <param name="Output"><c>Output</c> in a JSONata state; null when absent (the input).</param>
public sealed record ChoiceRule(ConditionExpression Condition, int NextState, AssignTemplate? Assign, ValueExpression? Output);

/// <summary>A Wait state. Exactly one of the expressions is set.</summary>
public sealed record CompiledWait : CompiledState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Wait;

    /// <summary><c>Seconds</c> or <c>SecondsPath</c>: a number of seconds.</summary>
    public ValueExpression? Seconds { get; init; }

    /// <summary><c>Timestamp</c> or <c>TimestampPath</c>: an RFC 3339 instant.</summary>
    public ValueExpression? Timestamp { get; init; }
}

/// <summary>A Succeed state.</summary>
public sealed record CompiledSucceed : CompiledState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Succeed;
}

/// <summary>A Fail state.</summary>
public sealed record CompiledFail : CompiledState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Fail;

    /// <summary><c>Error</c> or <c>ErrorPath</c>; null when absent.</summary>
    public ValueExpression? Error { get; init; }

    /// <summary><c>Cause</c> or <c>CausePath</c>; null when absent.</summary>
    public ValueExpression? Cause { get; init; }
}

/// <summary>A Parallel state.</summary>
public sealed record CompiledParallel : CompiledWorkState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Parallel;

    /// <summary>The scopes of its branches, in order.</summary>
    public required ImmutableArray<int> Branches { get; init; }
}

/// <summary>A Map state.</summary>
public sealed record CompiledMap : CompiledWorkState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Map;

    /// <summary>The scope of its processor (<c>ItemProcessor</c>, or the legacy <c>Iterator</c>).</summary>
    public required int Processor { get; init; }

    /// <summary><c>ItemsPath</c>, or <c>Items</c> of a JSONata state; null when absent (the effective input is the array).</summary>
    public ValueExpression? Items { get; init; }

    /// <summary><c>MaxConcurrency</c> or <c>MaxConcurrencyPath</c>; null when absent. 0 means no cap.</summary>
    public ValueExpression? MaxConcurrency { get; init; }

    /// <summary>The type of the executions that the iterations are in DISTRIBUTED mode; null in INLINE mode.</summary>
    public WorkflowType? ChildType { get; init; }

    /// <summary>The fields of DISTRIBUTED mode, each null when absent; null when nobody has read them.</summary>
    public DistributedMapFields? Distributed { get; init; }
}

/// <summary>The only state of a map run, which drives the iterations of a Map state in DISTRIBUTED mode.</summary>
public sealed record CompiledMapRun : CompiledState
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Map;

    /// <summary>The Map state.</summary>
    public required CompiledMap Map { get; init; }
}
