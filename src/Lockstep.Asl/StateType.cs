namespace Lockstep.Asl;

/// <summary>The eight state types of the States Language.</summary>
public enum StateType
{
    /// <summary>Passes its input on, transformed or replaced.</summary>
    Pass,

    /// <summary>Calls a resource.</summary>
    Task,

    /// <summary>Branches on conditions.</summary>
    Choice,

    /// <summary>Delays.</summary>
    Wait,

    /// <summary>Ends its scope in success.</summary>
    Succeed,

    /// <summary>Ends the scope in failure.</summary>
    Fail,

    /// <summary>Runs branches at the same time.</summary>
    Parallel,

    /// <summary>Runs a processor for each item of an array.</summary>
    Map,
}
