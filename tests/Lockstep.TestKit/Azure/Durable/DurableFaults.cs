namespace Lockstep.TestKit.Azure.Durable;

/// <summary>
/// What goes wrong in a simulated host, each as a chance of 0 to 1 and all drawn from one seed. None of it may change what an execution's history says.
/// </summary>
public sealed record DurableFaults
{
    /// <summary>Nothing goes wrong.</summary>
    public static DurableFaults None { get; } = new();

    /// <summary>Everything goes wrong now and then.</summary>
    public static DurableFaults Many(int seed) => new()
    {
        Seed = seed,
        RunsTwice = 0.15,
        FailsBeforeEffect = 0.1,
        FailsAfterEffect = 0.1,
        Delays = 0.4,
        LosesWake = 0.3,
        DuplicatesWake = 0.2,
        DelaysWake = 0.3,
        Batches = 0.3,
    };

    public int Seed { get; init; } = 1;

    /// <summary>An activity runs, its answer gets lost, and it runs again; sometimes the answer of the first run is the one that arrives.</summary>
    public double RunsTwice { get; init; }

    /// <summary>An activity throws without having run.</summary>
    public double FailsBeforeEffect { get; init; }

    /// <summary>An activity runs, and then its failure is what arrives.</summary>
    public double FailsAfterEffect { get; init; }

    /// <summary>An answer arrives late, after others that were asked for later.</summary>
    public double Delays { get; init; }

    /// <summary>Longest delay of an answer or a Wake.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A Wake never arrives.</summary>
    public double LosesWake { get; init; }

    /// <summary>A Wake arrives twice.</summary>
    public double DuplicatesWake { get; init; }

    /// <summary>A Wake arrives late.</summary>
    public double DelaysWake { get; init; }

    /// <summary>Events that wait together are handled in one episode, as a busy host does; else each has one of its own.</summary>
    public double Batches { get; init; }

    /// <summary>Whether unread Wakes are lost when an orchestration continues as new.</summary>
    public bool LosesUnreadWakes { get; init; } = true;
}
