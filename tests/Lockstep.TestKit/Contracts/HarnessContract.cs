using Lockstep.TestKit.Drivers;

namespace Lockstep.TestKit.Contracts;

/// <summary>
/// What the contracts of a host's running ports have in common. An adapter derives from each of them and supplies a new, empty host. The
/// contracts ask for nothing but what the docstrings of the ports promise.
/// </summary>
public abstract class HarnessContract
{
    /// <summary>A new, empty host; disposed by the test.</summary>
    protected abstract Task<IDriverHarness> OpenAsync();
}
