using System.Globalization;
using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>
/// The text of a value, as <c>$string</c> and <c>&amp;</c> make it: strings as they are, anything else as JSON, integers with all their
/// digits, other numbers with at most 15, functions as empty strings.
/// </summary>
internal static class TextForm
{
    /// <summary>Integers below this fit a long, and are written without an exponent.</summary>
    private const double ShortIntegers = 1e15;

    public static string Of(object value, Evaluator run, bool pretty = false)
    {
        switch (value)
        {
            case JsonString text:
                return text.Value;
            case JsonNumber number:
                return Number(number);
            case JsonBoolean or JsonNull:
                return ((JsonValue)value).ToString();
            case JsonataFunction:
                return "";
            default:
                var output = new StringBuilder();
                Write(value, output, pretty ? 0 : -1, run);
                return output.ToString();
        }
    }

    private static string Number(JsonNumber number)
    {
        double value = number.ToDouble();
        if (!double.IsFinite(value))
        {
            throw new JsonataException("D3001", "Attempting to invoke string function on Infinity or NaN", value: number);
        }

        if (Math.Truncate(value) == value)
        {
            return Math.Abs(value) < ShortIntegers ? ((long)value).ToString(CultureInfo.InvariantCulture) : JsonNumber.Of(value).Text;
        }

        string rounded = value.ToString("E14", CultureInfo.InvariantCulture);
        return JsonNumber.Of(double.Parse(rounded, NumberStyles.Float, CultureInfo.InvariantCulture)).Text;
    }

    private static void Write(object? value, StringBuilder output, int indent, Evaluator run)
    {
        int start = output.Length;
        switch (value)
        {
            case JsonNumber number:
                output.Append(Number(number));
                break;
            case JsonArray or Sequence:
                WriteArray(ArrayView.Of(value), output, indent, run);
                return;
            case JsonObject or MixedObject:
                WriteObject(ObjectView.Of(value), output, indent, run);
                return;
            case JsonataFunction:
                output.Append("\"\"");
                break;
            case null:
                // An item without a value, such as a capture that took no part in a match.
                output.Append("null");
                break;
            default:
                output.Append(value);
                break;
        }

        run.SpendCharacters(output.Length - start);
    }

    private static void WriteArray(ArrayView items, StringBuilder output, int indent, Evaluator run)
    {
        run.Enter();
        run.Fuel.Spend(1 + items.Count);
        output.Append('[');
        int inner = indent < 0 ? indent : indent + 1;
        for (int i = 0; i < items.Count; i++)
        {
            output.Append(i > 0 ? "," : "");
            NewLine(output, inner);
            Write(items[i], output, inner, run);
        }

        Close(output, items.Count, indent, ']', run);
    }

    private static void WriteObject(ObjectView members, StringBuilder output, int indent, Evaluator run)
    {
        run.Enter();
        run.Fuel.Spend(1 + members.Count);
        output.Append('{');
        int inner = indent < 0 ? indent : indent + 1;
        for (int i = 0; i < members.Count; i++)
        {
            output.Append(i > 0 ? "," : "");
            NewLine(output, inner);
            run.SpendCharacters(members.NameAt(i).Length);
            output.Append(JsonString.Of(members.NameAt(i))).Append(indent < 0 ? ":" : ": ");
            Write(members.ValueAt(i), output, inner, run);
        }

        Close(output, members.Count, indent, '}', run);
    }

    private static void Close(StringBuilder output, int count, int indent, char bracket, Evaluator run)
    {
        if (count > 0)
        {
            NewLine(output, indent);
        }

        output.Append(bracket);
        run.Leave();
    }

    private static void NewLine(StringBuilder output, int indent)
    {
        if (indent >= 0)
        {
            output.Append('\n').Append(' ', 2 * indent);
        }
    }
}
