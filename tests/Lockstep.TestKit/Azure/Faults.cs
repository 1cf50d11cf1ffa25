using Lockstep.Service.Errors;

namespace Lockstep.TestKit.Azure;

/// <summary>How a call goes wrong.</summary>
public enum Fault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It throws and has had no effect.</summary>
    BeforeEffect,

    /// <summary>It has had its effect, but throws: the answer got lost.</summary>
    AnswerLost,

    /// <summary>A write that an SDK has sent twice, as it does when an answer gets lost: what comes back is how the second one ended. Nothing else is changed by it.</summary>
    SentTwice,
}

/// <summary>
/// Decides which calls of the fakes go wrong, from a seed: the same sequence of calls meets the same faults. Every rate is a probability from 0 to 1.
/// Never more than <see cref="MaxInARow"/> calls fail one after the other, so whoever tries once more than that gets through.
/// </summary>
public sealed class Faults(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private int _inARow;
    private int _calls;
    private (int Call, Fault Fault)? _planned;

    /// <summary>Without faults.</summary>
    public static Faults None => new(0) { BeforeEffectRate = 0, AnswerLostRate = 0, ShortPageRate = 0, MessageRate = 0 };

    /// <summary>The seed.</summary>
    public int Seed => seed;

    /// <summary>How many calls throw before they have an effect.</summary>
    public double BeforeEffectRate { get; set; } = 0.1;

    /// <summary>How many calls throw after they have had their effect.</summary>
    public double AnswerLostRate { get; set; } = 0.1;

    /// <summary>How many writes are sent twice. None unless a test asks for it.</summary>
    public double SentTwiceRate { get; set; }

    /// <summary>How many pages of range scans are shorter than asked for, or empty, although more follows.</summary>
    public double ShortPageRate { get; set; } = 0.3;

    /// <summary>How many deliveries of messages go wrong in one of these ways: delivered twice, late, out of order. For losses see <see cref="MessageLossRate"/>.</summary>
    public double MessageRate { get; set; } = 0.2;

    /// <summary>How many messages never arrive.</summary>
    public double MessageLossRate { get; set; }

    /// <summary>Calls that fail one after the other at most.</summary>
    public int MaxInARow { get; set; } = 3;

    /// <summary>Calls so far.</summary>
    public int Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    /// <summary>Faults that were really injected so far.</summary>
    public int Injected { get; private set; }

    /// <summary>No faults but one: at the given call from now on, the next being 1. Interrupts something at each of its steps in turn.</summary>
    public static Faults Once(int call, Fault fault)
    {
        Faults faults = None;
        faults._planned = (call, fault);
        return faults;
    }

    internal Fault Next()
    {
        lock (_gate)
        {
            _calls++;
            Fault fault = _planned is { } planned ? (planned.Call == _calls ? planned.Fault : Fault.None) : Draw();
            _inARow = fault == Fault.None ? 0 : _inARow + 1;
            Injected += fault == Fault.None ? 0 : 1;
            return fault;
        }
    }

    internal bool Happens(double rate)
    {
        lock (_gate)
        {
            return rate > 0 && _random.NextDouble() < rate;
        }
    }

    internal int Choose(int below)
    {
        lock (_gate)
        {
            return _random.Next(below);
        }
    }

    private Fault Draw()
    {
        if (_inARow >= MaxInARow || BeforeEffectRate + AnswerLostRate + SentTwiceRate == 0)
        {
            return Fault.None;
        }

        double drawn = _random.NextDouble();
        return drawn < BeforeEffectRate ? Fault.BeforeEffect
            : drawn < BeforeEffectRate + AnswerLostRate ? Fault.AnswerLost
            : drawn < BeforeEffectRate + AnswerLostRate + SentTwiceRate ? Fault.SentTwice
            : Fault.None;
    }

    internal StorageUnavailableException Failure(StorageOperation operation, Fault fault) =>
        new($"Injected: {operation}, {fault}, seed {seed}, call {_calls}.");
}
