using System.Buffers.Binary;
using System.Text;
using Lockstep.Asl.Evaluation;
using Lockstep.Json;
using static Lockstep.Asl.Intrinsics.IntrinsicFunction;

namespace Lockstep.Asl.Intrinsics;

/// <summary>The functions that make or take strings.</summary>
internal static class TextFunctions
{
    /// <summary>
    /// Replaces each <c>{}</c> by the next argument. A backslash before a brace or a backslash makes it a plain character.
    /// </summary>
    public static Evaluated Format(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonString { Value: var template })
        {
            return Refused("The first argument must be a string.");
        }

        var result = new StringBuilder(template.Length + 32);
        int used = 1;
        for (int i = 0; i < template.Length; i++)
        {
            char current = template[i];
            char next = i + 1 < template.Length ? template[i + 1] : '\0';
            if (current == '\\' && next is '{' or '}' or '\\')
            {
                result.Append(next);
                i++;
            }
            else if (current == '{' && next == '}')
            {
                if (used == arguments.Length)
                {
                    return WrongCount(template, arguments.Length - 1);
                }

                JsonValue argument = arguments[used++];
                if (argument.Depth > DisplayText.MaxDepth)
                {
                    return Refused($"An argument is nested deeper than {DisplayText.MaxDepth} levels.");
                }

                if (result.Length + (long)argument.Utf8Length > scope.MaxValueBytes)
                {
                    return TooLarge(scope);
                }

                DisplayText.Append(result, argument);
                i++;
            }
            else
            {
                result.Append(current);
            }
        }

        return used == arguments.Length ? Evaluated.Of(JsonString.Of(result.ToString())) : WrongCount(template, arguments.Length - 1);
    }

    /// <summary>Splits at every character of the second argument; empty parts are left out.</summary>
    public static Evaluated StringSplit(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        if (arguments[0] is not JsonString { Value: var text } || arguments[1] is not JsonString { Value: var separators })
        {
            return Refused("The arguments must be strings.");
        }

        var parts = new JsonArrayBuilder();
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int end = separators.Length == 0 ? -1 : rest.IndexOfAny(separators);
            ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
            if (!part.IsEmpty)
            {
                parts.Add(JsonString.Of(part.ToString()));
            }

            rest = end < 0 ? default : rest[(end + 1)..];
        }

        return Evaluated.Of(parts.ToArray());
    }

    /// <summary>A version 4 UUID (RFC 9562) from the execution's random numbers.</summary>
    public static Evaluated Uuid(ReadOnlySpan<JsonValue> arguments, EvaluationScope scope)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, scope.NextRandom());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], scope.NextRandom());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return Evaluated.Of(JsonString.Of(new Guid(bytes, bigEndian: true).ToString("D")));
    }

    private static Evaluated WrongCount(string template, int count) =>
        Refused($"The number of placeholders in the template differs from the number of arguments, {count}: {Shorten(template)}");

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "…");
}
