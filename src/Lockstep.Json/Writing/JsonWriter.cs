using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// Prints compact JSON into a span of exactly the value's length, which is known beforehand. Nesting is kept on an explicit stack.
/// </summary>
internal static class JsonWriter
{
    public static byte[] ToUtf8(JsonValue value)
    {
        byte[] bytes = new byte[CheckedLength(value)];
        Write(value, bytes);
        return bytes;
    }

    public static string ToText(JsonValue value)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CheckedLength(value));
        Write(value, buffer.AsSpan(0, value.Utf8Length));
        string text = Encoding.UTF8.GetString(buffer, 0, value.Utf8Length);
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    public static void Write(JsonValue value, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        int length = CheckedLength(value);
        Write(value, output.GetSpan(length)[..length]);
        output.Advance(length);
    }

    public static void Write(JsonValue value, StringBuilder output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.Append(ToText(value));
    }

    private static int CheckedLength(JsonValue value) => value.Utf8Length <= Array.MaxLength
        ? value.Utf8Length
        : throw new InvalidOperationException("The JSON text is longer than an array can be; check Utf8Length before printing.");

    private static void Write(JsonValue value, Span<byte> destination)
    {
        int at = 0;
        if (value.Depth == 0)
        {
            WriteScalar(value, destination, ref at);
            return;
        }

        var open = new Frame[value.Depth];
        int depth = 0;
        open[0] = Open(value, destination, ref at);
        while (depth >= 0)
        {
            ref Frame frame = ref open[depth];
            if (frame.Next == frame.Children.Length)
            {
                destination[at++] = frame.Keys is null ? (byte)']' : (byte)'}';
                depth--;
                continue;
            }

            if (frame.Next > 0)
            {
                destination[at++] = (byte)',';
            }

            if (frame.Keys is not null)
            {
                at += JsonStringText.Write(frame.Keys[frame.Next], destination[at..]);
                destination[at++] = (byte)':';
            }

            JsonValue child = frame.Children.Span[frame.Next++];
            if (child.Depth == 0)
            {
                WriteScalar(child, destination, ref at);
            }
            else
            {
                open[++depth] = Open(child, destination, ref at);
            }
        }

        Debug.Assert(at == destination.Length, "the measured length is the printed length");
    }

    private static Frame Open(JsonValue value, Span<byte> destination, ref int at)
    {
        destination[at++] = value is JsonArray ? (byte)'[' : (byte)'{';
        return value switch
        {
            JsonArray array => new Frame { Children = array.AsMemory() },
            JsonObject json => new Frame { Children = json.ValuesAsMemory(), Keys = json.Keys },
            _ => throw new UnreachableException(),
        };
    }

    private static void WriteScalar(JsonValue value, Span<byte> destination, ref int at)
    {
        switch (value)
        {
            case JsonNull:
                "null"u8.CopyTo(destination[at..]);
                at += 4;
                break;
            case JsonBoolean boolean:
                (boolean.Value ? "true"u8 : "false"u8).CopyTo(destination[at..]);
                at += boolean.Utf8Length;
                break;
            case JsonString text:
                at += JsonStringText.Write(text.Value, destination[at..]);
                break;
            case JsonNumber number:
                at += number.Write(destination[at..]);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private struct Frame
    {
        public ReadOnlyMemory<JsonValue> Children;
        public JsonKeys? Keys;
        public int Next;
    }
}
