using System.Globalization;
using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Functions;

/// <summary>Base64 and URLs (JSONata, "String functions").</summary>
internal static class EncodingFunctions
{
    private const string Unreserved = "-_.!~*'()";
    private const string Reserved = ";/?:@&=+$,#";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IEnumerable<LibraryFunction> All =>
    [
        new("base64encode", "<s-:s>", 1, (arguments, run) => Map(arguments, run, Base64Encoded)),
        new("base64decode", "<s-:s>", 1, (arguments, run) => Map(arguments, run, Base64Decoded)),
        new("encodeUrlComponent", "<s-:s>", 1, (arguments, run) => Map(arguments, run, text => Encoded(text, Unreserved, "encodeUrlComponent"))),
        new("encodeUrl", "<s-:s>", 1, (arguments, run) => Map(arguments, run, text => Encoded(text, Unreserved + Reserved, "encodeUrl"))),
        new("decodeUrlComponent", "<s-:s>", 1, (arguments, run) => Map(arguments, run, text => Decoded(text, "", "decodeUrlComponent"))),
        new("decodeUrl", "<s-:s>", 1, (arguments, run) => Map(arguments, run, text => Decoded(text, Reserved, "decodeUrl"))),
    ];

    private static JsonString? Map(object?[] arguments, Evaluator run, Func<string, string> function)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text)
        {
            return null;
        }

        string result = function(text);
        run.SpendCharacters(result.Length);
        return JsonString.Of(result);
    }

    /// <summary>One byte for each character, as <c>btoa</c> has it.</summary>
    private static string Base64Encoded(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)text[i];
        }

        return Convert.ToBase64String(bytes);
    }

    private static string Base64Decoded(string text)
    {
        string letters = string.Concat(text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '-' or '_'))
            .Replace('-', '+').Replace('_', '/');
        letters = letters.Length % 4 == 1 ? letters[..^1] : letters;
        byte[] bytes = Convert.FromBase64String(letters.PadRight((letters.Length + 3) / 4 * 4, '='));
        return string.Concat(bytes.Select(value => (char)value));
    }

    private static string Encoded(string text, string kept, string name)
    {
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw Malformed(text, name);
        }

        var result = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            char c = (char)value;
            if (char.IsAsciiLetterOrDigit(c) || kept.Contains(c))
            {
                result.Append(c);
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }
        }

        return result.ToString();
    }

    private static string Decoded(string text, string kept, string name)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
                continue;
            }

            int start = i;
            byte first = Octet(text, i, name);
            int length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
            byte[] bytes = new byte[length];
            for (int n = 0; n < length; n++)
            {
                bytes[n] = Octet(text, start + 3 * n, name);
            }

            i = start + 3 * length - 1;
            if (length == 1 && kept.Contains((char)first))
            {
                result.Append(text, start, 3);
            }
            else
            {
                result.Append(CharactersOf(bytes, text, name));
            }
        }

        return result.ToString();
    }

    private static string CharactersOf(byte[] bytes, string text, string name)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(text, name);
        }
    }

    private static byte Octet(string text, int at, string name) =>
        at + 2 < text.Length && text[at] == '%'
            && byte.TryParse(text.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value)
            ? value
            : throw Malformed(text, name);

    private static JsonataException Malformed(string text, string name) =>
        new("D3140", $"Malformed URL passed to ${name}(): {JsonString.Of(text)}", token: name, value: JsonString.Of(text));
}
