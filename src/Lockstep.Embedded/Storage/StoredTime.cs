namespace Lockstep.Embedded.Storage;

/// <summary>Times as they are stored: UTC ticks of 100 ns.</summary>
internal static class StoredTime
{
    public static long ToStored(DateTimeOffset time) => time.UtcTicks;

    public static DateTimeOffset FromStored(long ticks) => new(ticks, TimeSpan.Zero);
}
