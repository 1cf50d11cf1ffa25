namespace Lockstep.Asl.Evaluation;

/// <summary>An instant, to the nanosecond.</summary>
/// <param name="UnixSeconds">Seconds since 1970-01-01T00:00:00Z, rounded down.</param>
/// <param name="Nanoseconds">0 to 999,999,999.</param>
public readonly record struct Instant(long UnixSeconds, int Nanoseconds) : IComparable<Instant>
{
    /// <summary>Whole milliseconds since 1970-01-01T00:00:00Z, rounded down.</summary>
    public long UnixMilliseconds => (UnixSeconds * 1000) + (Nanoseconds / 1_000_000);

    /// <inheritdoc/>
    public int CompareTo(Instant other) =>
        UnixSeconds != other.UnixSeconds ? UnixSeconds.CompareTo(other.UnixSeconds) : Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Earlier.</summary>
    public static bool operator <(Instant left, Instant right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(Instant left, Instant right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(Instant left, Instant right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Instant left, Instant right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// The timestamps of the States Language ("Timestamps"): the RFC 3339 profile of ISO 8601 with a capital <c>T</c> between date and time and a
/// capital <c>Z</c> where there is no numeric offset.
/// </summary>
public static class Rfc3339
{
    private const int DateAndTimeLength = 19;

    /// <summary>Reads a timestamp such as <c>2016-03-14T01:59:00.5Z</c> or <c>2016-03-14T01:59:00+02:00</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Instant instant)
    {
        instant = default;
        if (text.Length <= DateAndTimeLength
            || !TryDigits(text[..4], out int year) || text[4] != '-' || !TryDigits(text[5..7], out int month)
            || text[7] != '-' || !TryDigits(text[8..10], out int day) || text[10] != 'T'
            || !TryDigits(text[11..13], out int hour) || text[13] != ':' || !TryDigits(text[14..16], out int minute)
            || text[16] != ':' || !TryDigits(text[17..19], out int second)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text[DateAndTimeLength..];
        if (!TryFraction(ref rest, out int nanoseconds) || !TryOffset(rest, out int offsetSeconds))
        {
            return false;
        }

        long ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        instant = new Instant((ticks / TimeSpan.TicksPerSecond) - offsetSeconds, nanoseconds);
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<char> rest, out int nanoseconds)
    {
        nanoseconds = 0;
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        int digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? rest.Length - 1 : digits;
        for (int i = 0; i < 9; i++)
        {
            // Digits beyond the ninth are below the resolution and are dropped.
            nanoseconds = (nanoseconds * 10) + (i < digits ? rest[1 + i] - '0' : 0);
        }

        rest = rest[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryDigits(text[1..3], out int hours) || !TryDigits(text[4..6], out int minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        seconds = ((hours * 60) + minutes) * (text[0] == '-' ? -60 : 60);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        foreach (char digit in text)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
