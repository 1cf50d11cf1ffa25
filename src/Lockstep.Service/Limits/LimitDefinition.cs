namespace Lockstep.Service.Limits;

/// <summary>One limit: what it is called, what it counts, where it is set, and between which values it may be set.</summary>
/// <param name="Name">The property of <see cref="ServiceLimits"/>.</param>
/// <param name="Unit">What the number counts.</param>
/// <param name="Default">The value without configuration.</param>
/// <param name="Minimum">The least value that may be configured.</param>
/// <param name="Maximum">The greatest value that may be configured.</param>
/// <param name="Meaning">What is limited.</param>
/// <param name="Read">Reads the limit.</param>
/// <param name="With">Sets the limit.</param>
public sealed record LimitDefinition(
    string Name,
    string Unit,
    int Default,
    int Minimum,
    int Maximum,
    string Meaning,
    Func<ServiceLimits, int> Read,
    Func<ServiceLimits, int, ServiceLimits> With)
{
    /// <summary>The configuration key.</summary>
    public string Key => "Lockstep:Limits:" + Name;
}
