namespace Lockstep.Azure.Retention;

/// <summary>How long things are kept, and how much is removed at a time.</summary>
public sealed record RetentionOptions
{
    /// <summary>The configuration key of <see cref="MaxAge"/>, in days.</summary>
    public const string MaxAgeKey = "Lockstep:Retention:MaxAgeDays";

    /// <summary>The configuration key of <see cref="MaxRows"/>.</summary>
    public const string MaxRowsKey = "Lockstep:Retention:MaxRows";

    /// <summary>The shortest age: longer than any request takes that still relies on what is removed.</summary>
    public static readonly TimeSpan ShortestAge = TimeSpan.FromDays(1);

    /// <summary>Rows that a step looks at, at most, whatever is configured.</summary>
    public const int MostRows = 1_000;

    private readonly TimeSpan _maxAge = TimeSpan.FromDays(90);
    private readonly int _maxRows = 100;

    /// <summary>The age, after its end, at which an execution is removed; and a revision, after it is out of force. At least a day; default 90 days.</summary>
    public TimeSpan MaxAge
    {
        get => _maxAge;
        init => _maxAge = value >= ShortestAge ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The age is at least a day.");
    }

    /// <summary>Executions or revisions that one step looks at, 1 to 1,000. Default 100.</summary>
    public int MaxRows
    {
        get => _maxRows;
        init => _maxRows = value is >= 1 and <= MostRows ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A step looks at 1 to 1,000 rows.");
    }
}

/// <summary>What a step has done.</summary>
/// <param name="Executions">Executions removed.</param>
/// <param name="Revisions">Revisions removed.</param>
/// <param name="IsRoundDone">Whether every tenant has been looked at since the round began.</param>
public sealed record RetentionStep(int Executions, int Revisions, bool IsRoundDone);
