using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>What the library of states adds (Step Functions, "JSONata functions provided by Step Functions").</summary>
internal static class AslFunctions
{
    /// <summary>Most elements of <c>$range</c>, as of <c>States.ArrayRange</c>.</summary>
    public const int MaxRangeElements = 1_000;

    public static IEnumerable<LibraryFunction> All =>
    [
        new("partition", "<a-n:a<a>>", 2, Partition),
        new("range", "<n-nn:a<n>>", 3, Range),
        new("hash", "<s-s:s>", 2, Hash),
        new("random", "<n?:n>", 1, Random),
        new("uuid", "<:s>", 0, (_, run) => Uuid(run)),
        new("parse", "<s-:x>", 1, Parse),
    ];

    private static object? Partition(object?[] arguments, Evaluator run)
    {
        if (arguments[0] is null || Numbers.Of(arguments[1]) is not { } size)
        {
            return null;
        }

        if (!(Math.Truncate(size) == size && size >= 1))
        {
            throw Refused("partition", "The size of a part has to be a positive integer.", arguments[1]);
        }

        ArrayView items = ArrayView.Of(arguments[0]);
        run.SpendItems(items.Count);
        var parts = new List<object?>();
        for (long start = 0; start < items.Count; start += (long)size)
        {
            object?[] part = new object?[(int)Math.Min(size, items.Count - start)];
            for (int i = 0; i < part.Length; i++)
            {
                part[i] = items[(int)start + i];
            }

            parts.Add(ArrayFunctions.ArrayOf(part, run));
        }

        return ArrayFunctions.ArrayOf([.. parts], run);
    }

    /// <summary>Numbers from the first to the second, which is included if the step meets it.</summary>
    private static object? Range(object?[] arguments, Evaluator run)
    {
        if (Numbers.Of(arguments[0]) is not { } first || Numbers.Of(arguments[1]) is not { } last || Numbers.Of(arguments[2]) is not { } step)
        {
            return null;
        }

        if (step == 0 || !double.IsFinite(first) || !double.IsFinite(last) || !double.IsFinite(step))
        {
            throw Refused("range", "The step of a range cannot be 0.", arguments[2]);
        }

        double count = Math.Floor((last - first) / step) + 1;
        if (count > MaxRangeElements)
        {
            throw Refused("range", $"A range has at most {MaxRangeElements} elements.", JsonNumber.Of(count));
        }

        object?[] items = new object?[(int)Math.Max(0, count)];
        run.SpendItems(items.Length);
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = JsonNumber.Of(first + i * step);
        }

        return ArrayFunctions.ArrayOf(items, run);
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "The States Language offers SHA-1.")]
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The States Language offers MD5.")]
    private static JsonString? Hash(object?[] arguments, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text || arguments[1] is not JsonString algorithm)
        {
            return null;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text);
        byte[] hash = algorithm.Value switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => throw Refused("hash", "The algorithm is one of MD5, SHA-1, SHA-256, SHA-384, SHA-512.", algorithm),
        };
        return JsonString.Of(Convert.ToHexStringLower(hash));
    }

    /// <summary>With a seed the same number each time.</summary>
    private static JsonNumber Random(object?[] arguments, Evaluator run) => RandomNumbers.Fraction(Numbers.Of(arguments[0]) is { } seed
        ? JsonataContext.Mix((ulong)BitConverter.DoubleToInt64Bits(seed))
        : run.Context.NextRandom());

    private static JsonString Uuid(Evaluator run)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, run.Context.NextRandom());
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], run.Context.NextRandom());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return JsonString.Of(new Guid(bytes, bigEndian: true).ToString("D"));
    }

    private static JsonValue? Parse(object?[] arguments, Evaluator run)
    {
        if (StringFunctions.Text(arguments[0], run) is not { } text)
        {
            return null;
        }

        JsonReadResult result = JsonReader.Read(text, new JsonReadLimits { MaxDepth = run.Limits.MaxDepth });
        return result.TryGetValue(out JsonValue? value, out JsonReadError? error)
            ? value
            : throw Refused("parse", $"The string is not JSON: {error}", arguments[0]);
    }

    /// <summary>The reference has no code for functions that are not its own.</summary>
    private static JsonataException Refused(string name, string message, object? value) =>
        new(JsonataErrorCodes.ArgumentRefused, message, token: name, value: Value.ForError(value));
}
