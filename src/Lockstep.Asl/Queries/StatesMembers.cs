namespace Lockstep.Asl.Queries;

/// <summary>
/// The members of <c>$states</c> that are there in some fields only (States Language, "Reserved states variable"); <c>input</c> and <c>context</c>
/// are there everywhere.
/// </summary>
[Flags]
internal enum StatesMembers
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary><c>result</c>: in <c>Output</c> and <c>Assign</c> of a Task, Parallel or Map state.</summary>
    Result = 1,

    /// <summary><c>errorOutput</c>: in <c>Output</c> and <c>Assign</c> of a Catcher.</summary>
    ErrorOutput = 2,
}
