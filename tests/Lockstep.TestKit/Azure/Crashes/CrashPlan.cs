namespace Lockstep.TestKit.Azure.Crashes;

/// <summary>
/// At which of the points that it passes a process dies. Points are named after what happens there, so a failed test says where it was. The same
/// plan goes on through the lives of all processes: it kills one of them, once.
/// </summary>
/// <param name="at">The ordinal of the point, from 1; null for a plan that only counts.</param>
public sealed class CrashPlan(int? at = null)
{
    private readonly Lock _gate = new();
    private readonly List<string> _passed = [];

    /// <summary>The points that were passed so far, that of the death included.</summary>
    public IReadOnlyList<string> Passed
    {
        get
        {
            lock (_gate)
            {
                return [.. _passed];
            }
        }
    }

    /// <summary>Where the process died; null while it has not.</summary>
    public string? DiedAt { get; private set; }

    internal bool Dies(string point)
    {
        lock (_gate)
        {
            _passed.Add(point);
            if (_passed.Count != at)
            {
                return false;
            }

            DiedAt = point;
            return true;
        }
    }
}
