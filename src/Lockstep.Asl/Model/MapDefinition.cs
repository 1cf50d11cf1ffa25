using System.Collections.Immutable;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;

namespace Lockstep.Asl.Model;

/// <summary>How a Map state runs its iterations.</summary>
public enum MapMode
{
    /// <summary>Inside the execution of the machine.</summary>
    Inline,

    /// <summary>Each as an execution of its own.</summary>
    Distributed,
}

/// <summary>A Map state.</summary>
public sealed record MapDefinition : WorkStateDefinition
{
    /// <inheritdoc/>
    public override StateType Type => StateType.Map;

    /// <summary><c>Mode</c> of the <c>ProcessorConfig</c>; INLINE when absent.</summary>
    public required MapMode Mode { get; init; }

    /// <summary><c>ExecutionType</c> of the <c>ProcessorConfig</c>; null in INLINE mode.</summary>
    public WorkflowType? ExecutionType { get; init; }

    /// <summary>The name of the field that holds the processor: <c>ItemProcessor</c>, or the legacy <c>Iterator</c>.</summary>
    public required string ProcessorField { get; init; }

    /// <summary><c>ItemProcessor</c>, or the legacy <c>Iterator</c>.</summary>
    public required StateGroup Processor { get; init; }

    /// <summary><c>ItemsPath</c>, or <c>$</c>; <c>Items</c> in a JSONata state, null when absent, which stands for the input.</summary>
    public ValueExpression? Items { get; init; }

    /// <summary><c>MaxConcurrency</c> or <c>MaxConcurrencyPath</c>.</summary>
    public ValueExpression? MaxConcurrency { get; init; }

    /// <summary>The fields that only DISTRIBUTED mode has, as written, by name: <c>ItemReader</c>, <c>ItemBatcher</c>, <c>ResultWriter</c>, …</summary>
    public JsonObject DistributedFields { get; init; } = JsonObject.Empty;

    /// <summary>The same, compiled; null in a definition that was not read from a text.</summary>
    public DistributedMapFields? Distributed { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<StateGroup> InnerGroups => [Processor];
}
