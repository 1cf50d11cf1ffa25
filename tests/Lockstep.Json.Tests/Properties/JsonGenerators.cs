using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Lockstep.Json.Tests.Properties;

/// <summary>Generators of JSON values that look for trouble: odd numbers, lone surrogates, empty and repeated names, nesting.</summary>
internal static class JsonGenerators
{
    private static readonly Gen<string> Digits =
        from count in Gen.Choose(1, 25)
        from digits in Gen.Choose(0, 9).ListOf(count)
        select string.Concat(digits.Select(digit => digit.ToString(CultureInfo.InvariantCulture)));

    private static readonly Gen<JsonValue> Number =
        from sign in Gen.Elements("", "-")
        from integer in Digits
        from fraction in Gen.OneOf(Gen.Constant(""), Digits.Select(digits => "." + digits))
        from exponent in Gen.OneOf(Gen.Constant(""), Gen.Choose(-400, 400).Select(power => FormattableString.Invariant($"E{power:+0;-0}")))
        let trimmed = integer.TrimStart('0')
        select (JsonValue)JsonNumber.FromText(sign + (trimmed.Length == 0 ? "0" : trimmed) + fraction + exponent);

    private static readonly Gen<char> Character = Gen.OneOf(
        Gen.Choose('a', 'z').Select(code => (char)code),
        Gen.Choose(0, 0x7F).Select(code => (char)code),
        Gen.Choose(0x80, 0xFFFF).Select(code => (char)code),
        Gen.Elements('"', '\\', '/', '\uD83D', '\uDE00', '\uFFFF', '\u2028'));

    private static readonly Gen<string> Text =
        Gen.Choose(0, 12).SelectMany(count => Character.ListOf(count).Select(characters => string.Concat(characters)));

    private static readonly Gen<JsonValue> Scalar = Gen.OneOf(
        Gen.Elements<JsonValue>(JsonNull.Instance, JsonBoolean.True, JsonBoolean.False),
        Gen.Choose(-2000, 2000).Select(value => (JsonValue)JsonNumber.Of(value)),
        Number,
        Text.Select(text => (JsonValue)JsonString.Of(text)));

    /// <summary>Names of which a few occur again and again.</summary>
    public static Gen<string> Name { get; } = Gen.OneOf(Gen.Elements("a", "b", "c", "d", "e", "", "é"), Text);

    /// <summary>Values of all kinds, up to five levels deep.</summary>
    public static Gen<JsonValue> Value { get; } = Nested(5);

    private static Gen<JsonValue> Nested(int levels)
    {
        if (levels == 0)
        {
            return Scalar;
        }

        Gen<JsonValue> inner = Nested(levels - 1);
        Gen<JsonValue> array =
            from count in Gen.Choose(0, 5)
            from items in inner.ListOf(count)
            select (JsonValue)JsonArray.Of([.. items]);
        Gen<JsonValue> json =
            from count in Gen.Choose(0, 12)
            from names in Name.ListOf(count)
            from values in inner.ListOf(count)
            select (JsonValue)Object(names, values);
        return Gen.OneOf(Scalar, array, json);
    }

    private static JsonObject Object(IEnumerable<string> names, IEnumerable<JsonValue> values)
    {
        var builder = new JsonObjectBuilder();
        foreach ((string name, JsonValue value) in names.Zip(values))
        {
            builder.Set(name, value);
        }

        return builder.Build();
    }
}
