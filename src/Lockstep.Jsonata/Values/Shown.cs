using System.Text;
using Lockstep.Json;

namespace Lockstep.Jsonata.Values;

/// <summary>Values as the messages of failures show them: JSON without white space, with numbers in their shortest form.</summary>
internal static class Shown
{
    /// <summary>Characters that are shown of a value at most; the rest of a longer one is left out.</summary>
    public const int MaxLength = 32_768;

    /// <summary>The text of a value. A function has none, and shows as an empty string.</summary>
    public static string Of(object? value)
    {
        var output = new StringBuilder();
        Write(value, output);
        return output.Length > MaxLength ? output.ToString(0, MaxLength) : output.ToString();
    }

    private static void Write(object? value, StringBuilder output)
    {
        if (output.Length > MaxLength)
        {
            return;
        }

        switch (value)
        {
            case JsonNumber number:
                output.Append(double.IsFinite(number.ToDouble()) ? JsonNumber.Of(number.ToDouble()).Text : "null");
                break;
            case JsonArray or Sequence:
                WriteArray(ArrayView.Of(value), output);
                break;
            case JsonObject or MixedObject:
                WriteObject(ObjectView.Of(value), output);
                break;
            case JsonataFunction:
                output.Append("\"\"");
                break;
            case null:
                output.Append("null");
                break;
            default:
                output.Append(value);
                break;
        }
    }

    private static void WriteArray(ArrayView items, StringBuilder output)
    {
        output.Append('[');
        for (int i = 0; i < items.Count && output.Length <= MaxLength; i++)
        {
            output.Append(i > 0 ? "," : "");
            Write(items[i], output);
        }

        output.Append(']');
    }

    private static void WriteObject(ObjectView members, StringBuilder output)
    {
        output.Append('{');
        for (int i = 0; i < members.Count && output.Length <= MaxLength; i++)
        {
            output.Append(i > 0 ? "," : "").Append(JsonString.Of(members.NameAt(i))).Append(':');
            Write(members.ValueAt(i), output);
        }

        output.Append('}');
    }
}
