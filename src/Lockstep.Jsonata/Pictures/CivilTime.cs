namespace Lockstep.Jsonata.Pictures;

/// <summary>A moment as clock and calendar show it at an offset from UTC.</summary>
internal readonly record struct CivilTime
{
    /// <summary>The moments that have a date lie within so many milliseconds of 1970, as in ECMAScript.</summary>
    public const long MaxMillis = 8_640_000_000_000_000;

    private const long MillisOfDay = 86_400_000;

    private CivilTime(long millis, int offsetMinutes)
    {
        OffsetMinutes = offsetMinutes;
        long local = millis + offsetMinutes * 60_000L;
        Day = local / MillisOfDay - (local % MillisOfDay < 0 ? 1 : 0);
        MillisecondOfDay = (int)(local - Day * MillisOfDay);
        Date = CivilDate.OfDay(Day);
    }

    /// <summary>Minutes ahead of UTC.</summary>
    public int OffsetMinutes { get; }

    /// <summary>Days since 1 January 1970.</summary>
    public long Day { get; }

    /// <summary>Year, month and day.</summary>
    public CivilDate Date { get; }

    /// <summary>0 to 23.</summary>
    public int Hour => MillisecondOfDay / 3_600_000;

    /// <summary>0 to 59.</summary>
    public int Minute => MillisecondOfDay / 60_000 % 60;

    /// <summary>0 to 59.</summary>
    public int Second => MillisecondOfDay / 1000 % 60;

    /// <summary>0 to 999.</summary>
    public int Millisecond => MillisecondOfDay % 1000;

    private int MillisecondOfDay { get; }

    /// <summary>The moment so many milliseconds after 1970 began in UTC.</summary>
    /// <exception cref="JsonataException">D3110: it is further away than <see cref="MaxMillis"/>.</exception>
    public static CivilTime Of(long millis, int offsetMinutes = 0) =>
        millis is >= -MaxMillis and <= MaxMillis ? new CivilTime(millis, offsetMinutes) : throw OutOfRange();

    /// <summary>Milliseconds of a date and a time of day, given as whole numbers that may be too large for their place.</summary>
    /// <exception cref="JsonataException">D3110: it is further away than <see cref="MaxMillis"/>.</exception>
    public static long Millis(double day, double hour, double minute, double second, double millisecond, int offsetMinutes)
    {
        double millis = day * MillisOfDay + hour * 3_600_000 + (minute - offsetMinutes) * 60_000 + second * 1000 + millisecond;
        return Math.Abs(millis) <= MaxMillis ? (long)millis : throw OutOfRange();
    }

    /// <summary>The failure of a moment without a date.</summary>
    public static JsonataException OutOfRange() => new("D3110", "The time is more than 100,000,000 days away from 1 January 1970.");
}
