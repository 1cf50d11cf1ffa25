using Lockstep.Embedded.Committing;

namespace Lockstep.Crash.Worker;

/// <summary>Prints each flush and each acknowledgement, in the order in which they happen.</summary>
internal sealed class LineTrace(LineOutput output) : ICommitTrace
{
    public void Flushed(long commit, int writes) => output.Write($"trace\tflushed\t{commit}\t{writes}");

    public void Acknowledging(long commit, string executionId) => output.Write($"trace\tacknowledging\t{commit}\t{executionId}");
}

/// <summary>Whole lines to standard output, from any thread.</summary>
internal sealed class LineOutput
{
    private readonly Lock _gate = new();

    public void Write(string line)
    {
        lock (_gate)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
