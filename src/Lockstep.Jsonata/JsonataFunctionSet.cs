namespace Lockstep.Jsonata;

/// <summary>Which library the names of functions in an expression mean.</summary>
public enum JsonataFunctionSet
{
    /// <summary>The functions of JSONata 2.x.</summary>
    Standard,

    /// <summary>
    /// The functions of states: those of JSONata without <c>$eval</c>, with <c>$partition</c>, <c>$range</c>, <c>$hash</c>, <c>$uuid</c>,
    /// <c>$parse</c>, and a <c>$random</c> that takes a seed (Step Functions, "JSONata functions provided by Step Functions").
    /// </summary>
    Asl,
}
