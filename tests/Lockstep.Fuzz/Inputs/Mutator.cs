using System.Text;
using Lockstep.Fuzz.Targets;
using Lockstep.Json;

namespace Lockstep.Fuzz.Inputs;

/// <summary>
/// Makes inputs out of those of a corpus: bytes changed, pieces left out, doubled, taken from another input, tokens of the language put in, and, where
/// the input is JSON, values of the tree changed for others, so that it stays well formed. One in fifty is random bytes.
/// </summary>
internal sealed class Mutator(IFuzzTarget target, ulong seed)
{
    private const int MostChanges = 6;
    private const int MostPiece = 40;
    private const int LongestInput = 64 * 1024;

    private readonly RandomBits _random = new(seed);
    private readonly byte[][] _corpus = [.. target.Corpus()];
    private readonly byte[][] _tokens = [.. target.Tokens.Select(Encoding.UTF8.GetBytes)];
    private readonly Dictionary<byte[], JsonValue?> _trees = [];

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        if (_random.Below(50) == 0)
        {
            byte[] noise = new byte[_random.Below(300)];
            for (int i = 0; i < noise.Length; i++)
            {
                noise[i] = (byte)_random.Below(256);
            }

            return noise;
        }

        byte[] seedInput = _random.Pick(_corpus);
        if (target.IsJson && _random.Below(2) == 0 && TreeOf(seedInput) is { } tree)
        {
            JsonValue changed = tree;
            for (int left = Changes(); left > 0; left--)
            {
                changed = Change(changed, depth: 0);
            }

            return Encoding.UTF8.GetBytes(changed.ToString());
        }

        List<byte> input = [.. seedInput];
        for (int left = Changes(); left > 0; left--)
        {
            Damage(input);
        }

        return input.Count <= LongestInput ? [.. input] : [.. input.Take(LongestInput)];
    }

    /// <summary>Mostly one: an input that is almost right comes further than one that is wrong in many places.</summary>
    private int Changes() => _random.Below(3) != 0 ? 1 : _random.Below(MostChanges);

    private JsonValue? TreeOf(byte[] input)
    {
        if (!_trees.TryGetValue(input, out JsonValue? tree))
        {
            tree = JsonReader.Read(input) is { IsSuccess: true } read ? read.Value : null;
            _trees.Add(input, tree);
        }

        return tree;
    }

    private void Damage(List<byte> input)
    {
        int at = _random.Below(input.Count + 1);
        int length = Math.Min(_random.Below(12), input.Count - at);
        switch (_random.Below(8))
        {
            case 0 when at < input.Count:
                input[at] = (byte)_random.Below(256);
                break;
            case 1 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Below(8));
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 4:
                byte[] other = _random.Pick(_corpus);
                int from = _random.Below(other.Length + 1);
                input.InsertRange(at, other.AsSpan(from, Math.Min(_random.Below(MostPiece), other.Length - from)).ToArray());
                break;
            case 5 when _random.Below(20) == 0:
                byte[] repeated = _random.Pick(_tokens);
                input.InsertRange(at, Enumerable.Repeat(repeated, _random.Below(2_000)).SelectMany(static token => token).ToArray());
                break;
            case 6:
                input.RemoveRange(at, length);
                input.InsertRange(at, _random.Pick(_tokens));
                break;
            default:
                input.InsertRange(at, _random.Pick(_tokens));
                break;
        }
    }

    /// <summary>Changes one value somewhere in a tree.</summary>
    private JsonValue Change(JsonValue value, int depth)
    {
        if (depth > 0 && _random.Below(4) == 0)
        {
            return Another(value);
        }

        switch (value)
        {
            case JsonObject { Count: > 0 } json:
                int member = _random.Below(json.Count);
                string name = json[member].Name;
                return _random.Below(12) switch
                {
                    0 => json.Without(name),
                    1 => json.With(_random.Below(2) == 0 ? NameLike(name) : TextOf(_random.Pick(_tokens)), json[member].Value),
                    2 => json.Without(name).With(NameLike(name), json[member].Value),
                    _ => json.With(name, Change(json[member].Value, depth + 1)),
                };
            case JsonArray { Count: > 0 } array:
                JsonValue[] items = [.. array];
                int index = _random.Below(items.Length);
                return _random.Below(8) switch
                {
                    0 => JsonArray.Of([.. items.Where((_, at) => at != index)]),
                    1 => JsonArray.Of([.. items, items[index]]),
                    _ => JsonArray.Of([.. items.Select((item, at) => at == index ? Change(item, depth + 1) : item)]),
                };
            default:
                return Another(value);
        }
    }

    private JsonValue Another(JsonValue value)
    {
        switch (_random.Below(10))
        {
            case 0:
                return JsonNull.Instance;
            case 1:
                return JsonNumber.Of(_random.Below(3) == 0 ? (long)_random.Next() : _random.Below(200) - 100);
            case 2:
                return _random.Below(2) == 0 ? JsonBoolean.True : JsonBoolean.False;
            case 3:
                return JsonString.Of(TextOf(_random.Pick(_tokens)));
            case 4:
                return JsonArray.Of(value);
            case 5:
                return JsonObject.Of(NameLike("a"), value);
            case 6 when TreeOf(_random.Pick(_corpus)) is { } other:
                return PartOf(other);
            case 7 when value is JsonString text:
                List<byte> bytes = [.. Encoding.UTF8.GetBytes(text.Value)];
                Damage(bytes);
                return JsonString.Of(TextOf([.. bytes]));
            default:
                return value is JsonString ? JsonString.Of(TextOf(_random.Pick(_tokens)) + TextOf(_random.Pick(_tokens))) : JsonObject.Empty;
        }
    }

    private JsonValue PartOf(JsonValue tree)
    {
        while (_random.Below(4) != 0)
        {
            JsonValue? inner = tree switch
            {
                JsonObject { Count: > 0 } json => json[_random.Below(json.Count)].Value,
                JsonArray { Count: > 0 } array => array[_random.Below(array.Count)],
                _ => null,
            };
            if (inner is null)
            {
                break;
            }

            tree = inner;
        }

        return tree;
    }

    private string NameLike(string name)
    {
        JsonValue? tree = TreeOf(_random.Pick(_corpus));
        for (int steps = 1 + _random.Below(6); steps > 0 && tree is JsonObject { Count: > 0 } json; steps--)
        {
            JsonProperty member = json[_random.Below(json.Count)];
            name = member.Name;
            tree = member.Value;
        }

        return name;
    }

    private static string TextOf(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
