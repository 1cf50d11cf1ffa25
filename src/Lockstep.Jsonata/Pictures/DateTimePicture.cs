using System.Globalization;

namespace Lockstep.Jsonata.Pictures;

/// <summary>
/// $fromMillis and $toMillis: moments under the pictures of format-dateTime in XPath F&amp;O 3.1, 9.8. Moments are milliseconds since 1970
/// began in UTC; no clock and no time zone of the machine has a part in them.
/// </summary>
internal static class DateTimePicture
{
    /// <summary>Formats a moment; without a picture as ISO 8601 with milliseconds.</summary>
    /// <param name="millis">Milliseconds since 1970 began in UTC.</param>
    /// <param name="picture">The picture, or null.</param>
    /// <param name="timezone">±HHMM, or null for UTC.</param>
    /// <exception cref="JsonataException">
    /// D3110: no date that far away; D3130 to D3135: the picture or the timezone is wrong; U1011: it is too large.
    /// </exception>
    public static string Format(long millis, string? picture, string? timezone)
    {
        CivilTime time = CivilTime.Of(millis, ZoneOffset.Parse(timezone));
        return picture is null
            ? Iso(time)
            : string.Concat(DateTimePictureParts.Parse(picture).Select(part => part.Component is { } component
                ? DateTimeFormatter.Format(time, component)
                : part.Literal));
    }

    /// <summary>Reads a moment; null when the text is not of the picture's form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="picture">The picture, or null for ISO 8601.</param>
    /// <param name="nowMillis">The moment that gives what is larger than anything in the text: the year for "5 May", the day for "13:45".</param>
    /// <exception cref="JsonataException">
    /// D3110: without a picture, the text is no ISO 8601 timestamp; or no date that far away; D3130 to D3135: the picture is wrong; D3136: it
    /// lacks a component between two others, or a name is unknown; U1011: it is too large.
    /// </exception>
    public static long? Parse(string text, string? picture, long nowMillis) =>
        picture is null ? IsoTimestamp.Parse(text) : DateTimeReader.Read(text, DateTimePictureParts.Parse(picture), CivilTime.Of(nowMillis));

    private static string Iso(CivilTime time)
    {
        int minutes = Math.Abs(time.OffsetMinutes);
        string zone = minutes == 0
            ? "Z"
            : string.Create(CultureInfo.InvariantCulture, $"{(time.OffsetMinutes < 0 ? '-' : '+')}{minutes / 60:00}:{minutes % 60:00}");
        CivilDate date = time.Date;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{date.Year:0000}-{date.Month:00}-{date.Day:00}T{time.Hour:00}:{time.Minute:00}:{time.Second:00}.{time.Millisecond:000}{zone}");
    }
}
