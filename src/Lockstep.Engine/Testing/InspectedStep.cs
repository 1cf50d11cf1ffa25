namespace Lockstep.Engine.Testing;

/// <summary>A value on the way through a tested state (API reference, <c>InspectionData</c>), in the order in which they are shown.</summary>
public enum InspectedStep
{
    /// <summary>The raw input.</summary>
    Input,

    /// <summary>The effective input, picked by InputPath.</summary>
    AfterInputPath,

    /// <summary>The effective input in the shape of Parameters.</summary>
    AfterParameters,

    /// <summary>What Arguments evaluate to in a JSONata state.</summary>
    AfterArguments,

    /// <summary>The array that ItemsPath selects.</summary>
    AfterItemsPath,

    /// <summary>The array at ItemsPointer within what an ItemReader read.</summary>
    AfterItemsPointer,

    /// <summary>The inputs of the iterations, as ItemSelector shapes them.</summary>
    AfterItemSelector,

    /// <summary>The inputs of the iterations, as ItemBatcher puts them together.</summary>
    AfterItemBatcher,

    /// <summary>The raw result.</summary>
    Result,

    /// <summary>The result in the shape of ResultSelector.</summary>
    AfterResultSelector,

    /// <summary>The raw input with the result put in by ResultPath.</summary>
    AfterResultPath,

    /// <summary>The variables once the state is left.</summary>
    Variables,

    /// <summary>Iterations of a Map that may run at a time; 0 means no cap.</summary>
    MaxConcurrency,

    /// <summary>Failed items that a Map puts up with.</summary>
    ToleratedFailureCount,

    /// <summary>The same in per cent of its items.</summary>
    ToleratedFailurePercentage,
}
