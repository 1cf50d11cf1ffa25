using System.Text;

namespace Lockstep.Jsonata.Pictures;

/// <summary>A part of a date and time picture: text that stands for itself, or a component.</summary>
internal readonly record struct DateTimePart(string Literal, DateTimeComponent? Component);

/// <summary>Cuts a date and time picture into its parts. [[ and ]] stand for one bracket; a ] outside of a marker for itself.</summary>
internal static class DateTimePictureParts
{
    /// <summary>Most characters of a picture.</summary>
    public const int MaxLength = 1000;

    /// <summary>The parts in their order.</summary>
    /// <exception cref="JsonataException">
    /// D3135: a marker is not closed; U1011: longer than <see cref="MaxLength"/>; else as <see cref="DateTimeComponent.Parse"/>.
    /// </exception>
    public static List<DateTimePart> Parse(string picture)
    {
        if (picture.Length > MaxLength)
        {
            throw new JsonataException(JsonataErrorCodes.PictureTooLarge, $"A date and time picture may have at most {MaxLength} characters.");
        }

        var parts = new List<DateTimePart>();
        var literal = new StringBuilder();
        for (int i = 0; i < picture.Length; i++)
        {
            bool doubled = i + 1 < picture.Length && picture[i + 1] == picture[i];
            if (picture[i] != '[' || doubled)
            {
                literal.Append(picture[i]);
                i += doubled && picture[i] is '[' or ']' ? 1 : 0;
                continue;
            }

            int end = picture.IndexOf(']', i);
            if (end < 0)
            {
                throw new JsonataException("D3135", "No matching closing bracket ']' in date/time picture string");
            }

            Flush(parts, literal);
            parts.Add(new DateTimePart("", DateTimeComponent.Parse(picture[(i + 1)..end])));
            i = end;
        }

        Flush(parts, literal);
        return parts;
    }

    private static void Flush(List<DateTimePart> parts, StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            parts.Add(new DateTimePart(literal.ToString(), null));
            literal.Clear();
        }
    }
}
