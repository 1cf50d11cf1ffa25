using System.Globalization;
using System.Numerics;
using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Pictures;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Numbers (JSONata, "Numeric functions").</summary>
internal static class NumericFunctions
{
    public static IEnumerable<LibraryFunction> All =>
    [
        new("number", "<(nsb)-:n>", 1, Number),
        new("abs", "<n-:n>", 1, (arguments, _) => Map(arguments[0], Math.Abs)),
        new("floor", "<n-:n>", 1, (arguments, _) => Map(arguments[0], Math.Floor)),
        new("ceil", "<n-:n>", 1, (arguments, _) => Map(arguments[0], Math.Ceiling)),
        new("round", "<n-n?:n>", 2, (arguments, _) => Map(arguments[0], value => Round(value, (int)(Numbers.Of(arguments[1]) ?? 0)))),
        new("power", "<n-n:n>", 2, Power),
        new("sqrt", "<n-:n>", 1, SquareRoot),
        new("formatNumber", "<n-so?:s>", 3, FormatNumber),
        new("formatBase", "<n-n?:s>", 2, FormatBase),
        new("formatInteger", "<n-s:s>", 2, FormatInteger),
        new("parseInteger", "<s-s:n>", 2, ParseInteger),
    ];

    private static JsonNumber? Map(object? argument, Func<double, double> function) =>
        Numbers.Of(argument) is { } value ? Numbers.Finite(function(value)) : null;

    private static JsonNumber? Number(object?[] arguments, Evaluator run)
    {
        switch (arguments[0])
        {
            case null:
                return null;
            case JsonNumber number:
                return number;
            case JsonBoolean boolean:
                return JsonNumber.Of(boolean.Value ? 1L : 0L);
            case JsonString text:
                run.Fuel.SpendCharacters(text.Value.Length);
                return Parsed(text.Value)
                    ?? throw new JsonataException("D3030", $"Unable to cast value to a number: {text}", token: "number", value: text);
            default:
                throw new JsonataException("D3030", $"Unable to cast value to a number: {Shown.Of(arguments[0])}", token: "number");
        }
    }

    private static JsonNumber? Parsed(string text)
    {
        if (text.Length > 2 && text[0] == '0' && char.IsAsciiLetter(text[1]))
        {
            return text[1] switch
            {
                'x' or 'X' => Digits(text.AsSpan(2), 16),
                'o' or 'O' => Digits(text.AsSpan(2), 8),
                'b' or 'B' => Digits(text.AsSpan(2), 2),
                _ => null,
            };
        }

        // Zeros in front are the only difference to the numbers of JSON.
        int sign = text.StartsWith('-') ? 1 : 0;
        int digits = sign;
        while (digits + 1 < text.Length && text[digits] == '0' && char.IsAsciiDigit(text[digits + 1]))
        {
            digits++;
        }

        return JsonNumber.TryFromText(text[..sign] + text[digits..], out JsonNumber? number) && double.IsFinite(number.ToDouble())
            ? JsonNumber.Of(number.ToDouble())
            : null;
    }

    private static JsonNumber? Digits(ReadOnlySpan<char> digits, int radix)
    {
        double value = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            value = value * radix + digit;
        }

        return double.IsFinite(value) ? JsonNumber.Of(value) : null;
    }

    /// <summary>Rounds half to even at a decimal place, as the number is written and not as it is stored.</summary>
    internal static double Round(double value, int precision)
    {
        double shifted = Shift(value, precision);
        return double.IsFinite(shifted) ? Shift(Math.Round(shifted, MidpointRounding.ToEven), -precision) : value;
    }

    private static double Shift(double value, int places)
    {
        if (places == 0 || value == 0)
        {
            return value;
        }

        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int at = shortest.IndexOf('E', StringComparison.Ordinal);
        string mantissa = at < 0 ? shortest : shortest[..at];
        long exponent = at < 0 ? 0 : long.Parse(shortest.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return double.Parse($"{mantissa}E{exponent + places}", NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static JsonNumber? Power(object?[] arguments, Evaluator run)
    {
        if (Numbers.Of(arguments[0]) is not { } value)
        {
            return null;
        }

        double? exponent = Numbers.Of(arguments[1]);
        double result = exponent is { } by ? Math.Pow(value, by) : double.NaN;
        return double.IsFinite(result)
            ? JsonNumber.Of(result)
            : throw new JsonataException(
                "D3061",
                "The power function has resulted in a value that cannot be represented as a JSON number: "
                    + $"base={JsonNumber.Of(value)}, exponent={(exponent is { } given ? JsonNumber.Of(given).ToString() : "undefined")}",
                token: "power",
                value: JsonNumber.Of(value));
    }

    private static JsonNumber? SquareRoot(object?[] arguments, Evaluator run) => Numbers.Of(arguments[0]) switch
    {
        null => null,
        < 0 => throw new JsonataException(
            "D3060", $"The sqrt function cannot be applied to a negative number: {Shown.Of(arguments[0])}", token: "sqrt", value: (JsonValue?)arguments[0]),
        { } value => JsonNumber.Of(Math.Sqrt(value)),
    };

    private static JsonString? FormatNumber(object?[] arguments, Evaluator run)
    {
        if (Numbers.Of(arguments[0]) is not { } value || arguments[1] is not JsonString picture)
        {
            return null;
        }

        NumberPictureOptions options = NumberPictureOptions.Default;
        ObjectView given = ObjectView.Of(arguments[2]);
        for (int i = 0; i < given.Count; i++)
        {
            options = given.ValueAt(i) is JsonString text
                ? options.With(given.NameAt(i), text.Value)
                : throw new JsonataException("T0410", $"Argument 3 of function \"formatNumber\" does not match function signature: the option \"{given.NameAt(i)}\" has to be a string", token: "formatNumber");
        }

        run.SpendCharacters(picture.Value.Length);
        return JsonString.Of(NumberPicture.Format(value, picture.Value, options));
    }

    private static JsonString? FormatBase(object?[] arguments, Evaluator run)
    {
        if (Numbers.Of(arguments[0]) is not { } value)
        {
            return null;
        }

        double radix = Math.Round(Numbers.Of(arguments[1]) ?? 10, MidpointRounding.ToEven);
        if (radix is not (>= 2 and <= 36))
        {
            throw new JsonataException("D3100", $"The radix of the formatBase function must be between 2 and 36.  It was given {JsonNumber.Of(radix)}", token: "formatBase", value: (JsonValue?)arguments[1]);
        }

        var rest = new BigInteger(Math.Round(value, MidpointRounding.ToEven));
        bool negative = rest.Sign < 0;
        rest = BigInteger.Abs(rest);
        var digits = new StringBuilder();
        do
        {
            rest = BigInteger.DivRem(rest, (int)radix, out BigInteger digit);
            digits.Insert(0, "0123456789abcdefghijklmnopqrstuvwxyz"[(int)digit]);
        }
        while (!rest.IsZero);
        return JsonString.Of(negative ? "-" + digits : digits.ToString());
    }

    private static JsonString? FormatInteger(object?[] arguments, Evaluator run)
    {
        if (Numbers.Of(arguments[0]) is not { } value || arguments[1] is not JsonString picture)
        {
            return null;
        }

        run.SpendCharacters(picture.Value.Length);
        return JsonString.Of(IntegerPicture.Format(value, picture.Value));
    }

    private static JsonNumber? ParseInteger(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is not JsonString text || arguments[1] is not JsonString picture)
        {
            return null;
        }

        run.SpendCharacters(text.Value.Length + picture.Value.Length);
        return Numbers.Finite(IntegerPicture.Parse(text.Value, picture.Value));
    }
}
