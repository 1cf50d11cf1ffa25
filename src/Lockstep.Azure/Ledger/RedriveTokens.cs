using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Engine.State;

namespace Lockstep.Azure.Ledger;

/// <summary>The client tokens of an execution's redrives as text: a line each, the time before the token, which holds no control character.</summary>
internal static class RedriveTokens
{
    private const int Remembered = 10;

    /// <summary>Reads tokens, the newest last.</summary>
    public static ImmutableArray<RedriveToken> Read(string? text) =>
        [.. (text ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    /// <summary>The text with one more token; the oldest give way.</summary>
    public static string? With(string? text, string? token, DateTimeOffset time) => token is null
        ? text
        : string.Join('\n', Read(text).Add(new RedriveToken(token, time)).TakeLast(Remembered).Select(kept => string.Create(
            CultureInfo.InvariantCulture, $"{kept.Time.UtcTicks} {kept.Token}")));

    private static RedriveToken Parse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return new RedriveToken(line[(space + 1)..], new DateTimeOffset(long.Parse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero));
    }
}
