using System.Diagnostics;
using System.Globalization;
using Lockstep.Embedded.Committing;

namespace Lockstep.Crash.Worker;

/// <summary>Kills the process, with SIGKILL, at the n-th time that a failpoint is hit: <c>LOCKSTEP_FAILPOINT=BeforeCommit:17</c>.</summary>
internal sealed class EnvironmentFailpoints : IFailpoints
{
    public const string Variable = "LOCKSTEP_FAILPOINT";

    private readonly Failpoint? _armed;
    private int _left;

    public EnvironmentFailpoints()
    {
        string[] parts = (Environment.GetEnvironmentVariable(Variable) ?? "").Split(':');
        if (parts.Length == 2)
        {
            _armed = Enum.Parse<Failpoint>(parts[0]);
            _left = int.Parse(parts[1], CultureInfo.InvariantCulture);
        }
    }

    public void Hit(Failpoint failpoint)
    {
        if (failpoint == _armed && Interlocked.Decrement(ref _left) == 0)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();

            // The signal is on its way; nothing more may happen on this thread.
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }
}
