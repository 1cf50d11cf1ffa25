using System.Globalization;
using Lockstep.Json;

namespace Lockstep.Targets.DynamoDb;

/// <summary>A condition on an item (DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions").</summary>
/// <param name="IsMet">Whether an item meets it; an empty object stands for one that is not there.</param>
internal sealed record Condition(Func<JsonObject, bool> IsMet)
{
    private static readonly string[] Comparators = ["=", "<>", "<", "<=", ">", ">="];

    private delegate JsonObject? Operand(JsonObject item);

    /// <summary>Reads a condition.</summary>
    /// <exception cref="ExpressionException">It cannot be read.</exception>
    public static Condition Read(string text, Placeholders placeholders)
    {
        var reader = new ExpressionReader("ConditionExpression", text, placeholders);
        Func<JsonObject, bool> condition = ReadOr(reader);
        reader.RequireEnd();
        return new Condition(condition);
    }

    private static Func<JsonObject, bool> ReadOr(ExpressionReader reader) => reader.Nested(() =>
    {
        Func<JsonObject, bool> left = ReadAnd(reader);
        while (reader.TryTake("OR"))
        {
            Func<JsonObject, bool> first = left;
            Func<JsonObject, bool> second = ReadAnd(reader);
            left = item => first(item) || second(item);
        }

        return left;
    });

    private static Func<JsonObject, bool> ReadAnd(ExpressionReader reader)
    {
        Func<JsonObject, bool> left = ReadNot(reader);
        while (reader.TryTake("AND"))
        {
            Func<JsonObject, bool> first = left;
            Func<JsonObject, bool> second = ReadNot(reader);
            left = item => first(item) && second(item);
        }

        return left;
    }

    private static Func<JsonObject, bool> ReadNot(ExpressionReader reader) => reader.Nested<Func<JsonObject, bool>>(() =>
    {
        if (reader.TryTake("NOT"))
        {
            Func<JsonObject, bool> inner = ReadNot(reader);
            return item => !inner(item);
        }

        if (reader.TryTake("("))
        {
            Func<JsonObject, bool> inner = ReadOr(reader);
            reader.Take(")");
            return inner;
        }

        return ReadFunction(reader) ?? ReadComparison(reader);
    });

    private static Func<JsonObject, bool>? ReadFunction(ExpressionReader reader)
    {
        string name = reader.Next;
        if (name is not ("attribute_exists" or "attribute_not_exists" or "attribute_type" or "begins_with" or "contains") || !reader.IsFunction(name))
        {
            return null;
        }

        reader.Take(name);
        reader.Take("(");
        DocumentPath path = reader.Path();
        Operand argument = static _ => null;
        if (name is "attribute_type" or "begins_with" or "contains")
        {
            reader.Take(",");
            argument = ReadOperand(reader);
        }

        reader.Take(")");
        return name switch
        {
            "attribute_exists" => item => path.Find(item) is not null,
            "attribute_not_exists" => item => path.Find(item) is null,
            "attribute_type" => item => path.Find(item) is { } value && argument(item) is { } type
                && AttributeValue.ContentOf(type).Equals(JsonString.Of(AttributeValue.TypeOf(value))),
            "begins_with" => item => BeginsWith(path.Find(item), argument(item)),
            _ => item => Contains(path.Find(item), argument(item)),
        };
    }

    private static Func<JsonObject, bool> ReadComparison(ExpressionReader reader)
    {
        Operand left = ReadOperand(reader);
        if (reader.TryTake("BETWEEN"))
        {
            Operand low = ReadOperand(reader);
            reader.Take("AND");
            Operand high = ReadOperand(reader);
            return item => Compare(left(item), low(item)) >= 0 && Compare(left(item), high(item)) <= 0;
        }

        if (reader.TryTake("IN"))
        {
            reader.Take("(");
            var choices = new List<Operand> { ReadOperand(reader) };
            while (reader.TryTake(","))
            {
                choices.Add(ReadOperand(reader));
            }

            reader.Take(")");
            return item => left(item) is { } value && choices.Exists(choice => choice(item) is { } other && AttributeValue.AreEqual(value, other));
        }

        string comparator = reader.Next;
        if (!Comparators.Contains(comparator))
        {
            throw reader.Unexpected();
        }

        reader.Take(comparator);
        Operand right = ReadOperand(reader);
        return comparator switch
        {
            "=" => item => left(item) is { } a && right(item) is { } b && AttributeValue.AreEqual(a, b),
            "<>" => item => left(item) is not { } a || right(item) is not { } b || !AttributeValue.AreEqual(a, b),
            "<" => item => Compare(left(item), right(item)) < 0,
            "<=" => item => Compare(left(item), right(item)) <= 0,
            ">" => item => Compare(left(item), right(item)) > 0,
            _ => item => Compare(left(item), right(item)) >= 0,
        };
    }

    private static Operand ReadOperand(ExpressionReader reader)
    {
        if (reader.Next.StartsWith(':'))
        {
            JsonObject value = reader.Value();
            return _ => value;
        }

        if (reader.IsFunction("size"))
        {
            reader.Take("size");
            reader.Take("(");
            DocumentPath measured = reader.Path();
            reader.Take(")");
            return item => measured.Find(item) is { } value ? SizeOf(value) : null;
        }

        DocumentPath path = reader.Path();
        return path.Find;
    }

    private static int? Compare(JsonObject? left, JsonObject? right) => left is null || right is null ? null : AttributeValue.Compare(left, right);

    private static JsonObject? SizeOf(JsonObject value)
    {
        int? size = (AttributeValue.ContentOf(value), AttributeValue.TypeOf(value)) switch
        {
            (JsonString text, "S") => System.Text.Encoding.UTF8.GetByteCount(text.Value),
            (JsonString text, "B") => Convert.FromBase64String(text.Value).Length,
            (JsonArray items, _) => items.Count,
            (JsonObject members, _) => members.Count,
            _ => null,
        };
        return size is int known ? AttributeValue.Of("N", JsonString.Of(known.ToString(CultureInfo.InvariantCulture))) : null;
    }

    private static bool BeginsWith(JsonObject? value, JsonObject? prefix) =>
        value is not null && prefix is not null && AttributeValue.TypeOf(value) == AttributeValue.TypeOf(prefix)
        && (AttributeValue.ContentOf(value), AttributeValue.ContentOf(prefix), AttributeValue.TypeOf(value)) switch
        {
            (JsonString text, JsonString start, "S") => text.Value.StartsWith(start.Value, StringComparison.Ordinal),
            (JsonString bytes, JsonString start, "B") =>
                Convert.FromBase64String(bytes.Value).AsSpan().StartsWith(Convert.FromBase64String(start.Value)),
            _ => false,
        };

    private static bool Contains(JsonObject? value, JsonObject? sought)
    {
        if (value is null || sought is null)
        {
            return false;
        }

        string type = AttributeValue.TypeOf(value);
        return (AttributeValue.ContentOf(value), AttributeValue.ContentOf(sought)) switch
        {
            (JsonString text, JsonString part) when type == "S" && AttributeValue.TypeOf(sought) == "S" => text.Value.Contains(part.Value, StringComparison.Ordinal),
            (JsonArray, JsonString element) when type is "SS" or "NS" or "BS" && type[..1] == AttributeValue.TypeOf(sought) =>
                AttributeValue.Texts(value).Contains(element.Value),
            (JsonArray list, _) when type == "L" => list.Any(item => AttributeValue.AreEqual((JsonObject)item, sought)),
            _ => false,
        };
    }
}
