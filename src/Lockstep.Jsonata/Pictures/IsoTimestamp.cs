using System.Globalization;
using System.Text.RegularExpressions;
using Lockstep.Json;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// Timestamps as $toMillis reads them without a picture: YYYY, YYYY-MM or YYYY-MM-DD, optionally followed by Thh:mm:ss with any fraction,
/// optionally followed by Z, ±hh:mm or ±hhmm. Without an offset they are in UTC.
/// </summary>
internal static class IsoTimestamp
{
    private static readonly Regex Form = new(
        @"\A([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?)?(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?\z",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Milliseconds of a timestamp. A day beyond the month's last, up to 31, runs over into the next month, as in ECMAScript.</summary>
    /// <exception cref="JsonataException">D3110: it is none.</exception>
    public static long Parse(string text)
    {
        Match match = Form.Match(text);
        if (!match.Success)
        {
            throw NotIso(text);
        }

        int part(int group, int absent) =>
            match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : absent;
        (int month, int day) = (part(2, 1), part(3, 1));
        (int hour, int minute, int second) = (part(4, 0), part(5, 0), part(6, 0));
        (int offsetHour, int offsetMinute) = (part(9, 0), part(10, 0));
        int millisecond = int.Parse(match.Groups[7].Value.PadRight(3, '0').AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        bool endOfDay = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
        if (month is < 1 or > 12 || day is < 1 or > 31 || (hour > 23 && !endOfDay) || minute > 59 || second > 59
            || offsetHour > 23 || offsetMinute > 59)
        {
            throw NotIso(text);
        }

        int offset = (match.Groups[8].Value == "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute);
        return CivilTime.Millis(CivilDate.ToDay(part(1, 0), month, day), hour, minute, second, millisecond, offset);
    }

    private static JsonataException NotIso(string text) =>
        new("D3110", $"The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {JsonString.Of(text)}", token: text);
}
