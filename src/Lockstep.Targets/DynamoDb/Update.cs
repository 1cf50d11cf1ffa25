using Lockstep.Json;

namespace Lockstep.Targets.DynamoDb;

/// <summary>
/// A change of an item (DynamoDB Developer Guide, "Update expressions"): SET, REMOVE, ADD and DELETE, each at most once. Every value is taken from the item as it was
/// before.
/// </summary>
internal sealed class Update
{
    private readonly List<(DocumentPath Path, Func<JsonObject, JsonObject, JsonObject> Apply)> _actions = [];

    private delegate JsonObject Operand(JsonObject item);

    /// <summary>The attributes that it touches.</summary>
    public IEnumerable<DocumentPath> Paths => _actions.Select(action => action.Path);

    /// <summary>Reads an update.</summary>
    /// <exception cref="ExpressionException">It cannot be read.</exception>
    public static Update Read(string text, Placeholders placeholders)
    {
        var reader = new ExpressionReader("UpdateExpression", text, placeholders);
        var update = new Update();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Next.Length > 0)
        {
            string clause = reader.Next.ToUpperInvariant();
            if (clause is not ("SET" or "REMOVE" or "ADD" or "DELETE"))
            {
                throw reader.Unexpected();
            }

            if (!seen.Add(clause))
            {
                throw new ExpressionException($"Invalid UpdateExpression: The \"{clause}\" section can only be used once in an update expression;");
            }

            reader.Take(clause);
            do
            {
                update.Add(clause, reader);
            }
            while (reader.TryTake(","));
        }

        return update;
    }

    /// <summary>The item afterwards.</summary>
    /// <exception cref="ExpressionException">It cannot be applied to this item.</exception>
    public JsonObject Apply(JsonObject before)
    {
        JsonObject after = before;

        // Elements of lists are removed from the end, so that no index means another element than before.
        foreach ((DocumentPath _, Func<JsonObject, JsonObject, JsonObject> apply) in _actions.OrderBy(action => -(action.Path.Steps[^1].Name is null ? action.Path.Steps[^1].Index : -1)))
        {
            after = apply(before, after);
        }

        return after;
    }

    private void Add(string clause, ExpressionReader reader)
    {
        DocumentPath path = reader.Path();
        if (_actions.Find(action => action.Path.Overlaps(path)).Path is not null)
        {
            throw new ExpressionException(
                "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths;");
        }

        switch (clause)
        {
            case "SET":
                reader.Take("=");
                Operand value = ReadSum(reader);
                _actions.Add((path, (before, after) => path.Put(after, value(before))));
                break;
            case "REMOVE":
                _actions.Add((path, (_, after) => path.Remove(after)));
                break;
            default:
                JsonObject operand = reader.Value();
                _actions.Add((path, clause == "ADD"
                    ? (before, after) => path.Put(after, Added(path.Find(before), operand))
                    : (before, after) => Deleted(path.Find(before), operand) is { } left ? path.Put(after, left) : path.Remove(after)));
                break;
        }
    }

    private static Operand ReadSum(ExpressionReader reader)
    {
        Operand left = ReadOperand(reader);
        bool plus = reader.Next == "+";
        if (!plus && reader.Next != "-")
        {
            return left;
        }

        reader.Take(reader.Next);
        Operand right = ReadOperand(reader);
        return item => Sum(left(item), right(item), plus);
    }

    private static Operand ReadOperand(ExpressionReader reader) => reader.Nested<Operand>(() =>
    {
        if (reader.Next.StartsWith(':'))
        {
            JsonObject value = reader.Value();
            return _ => value;
        }

        if (reader.IsFunction("if_not_exists"))
        {
            reader.Take("if_not_exists");
            reader.Take("(");
            DocumentPath sought = reader.Path();
            reader.Take(",");
            Operand otherwise = ReadOperand(reader);
            reader.Take(")");
            return item => sought.Find(item) ?? otherwise(item);
        }

        if (reader.IsFunction("list_append"))
        {
            reader.Take("list_append");
            reader.Take("(");
            Operand first = ReadOperand(reader);
            reader.Take(",");
            Operand second = ReadOperand(reader);
            reader.Take(")");
            return item => AttributeValue.Of("L", JsonArray.Of([.. List(first(item)), .. List(second(item))]));
        }

        DocumentPath path = reader.Path();
        return item => path.Find(item)
            ?? throw new ExpressionException("The provided expression refers to an attribute that does not exist in the item");
    });

    private static JsonArray List(JsonObject value) => AttributeValue.TypeOf(value) == "L" ? (JsonArray)AttributeValue.ContentOf(value) : throw WrongType();

    private static JsonObject Added(JsonObject? value, JsonObject operand)
    {
        string type = AttributeValue.TypeOf(operand);
        if (type is not ("N" or "SS" or "NS" or "BS"))
        {
            throw new ExpressionException($"Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: {type}");
        }

        if (value is null)
        {
            return operand;
        }

        return type == "N" ? Sum(value, operand, plus: true)
            : AttributeValue.TypeOf(value) == type ? SetOf(type, AttributeValue.Texts(value).Union(AttributeValue.Texts(operand)))
            : throw WrongType();
    }

    private static JsonObject? Deleted(JsonObject? value, JsonObject operand)
    {
        string type = AttributeValue.TypeOf(operand);
        if (type is not ("SS" or "NS" or "BS"))
        {
            throw new ExpressionException($"Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: {type}");
        }

        if (value is null)
        {
            return null;
        }

        string[] left = AttributeValue.TypeOf(value) == type ? [.. AttributeValue.Texts(value).Except(AttributeValue.Texts(operand))] : throw WrongType();
        return left.Length > 0 ? SetOf(type, left) : null;
    }

    private static JsonObject SetOf(string type, IEnumerable<string> texts) => AttributeValue.Of(type, JsonArray.Of([.. texts.Select(JsonString.Of)]));

    private static JsonObject Sum(JsonObject left, JsonObject right, bool plus)
    {
        if (AttributeValue.TypeOf(left) != "N" || AttributeValue.TypeOf(right) != "N")
        {
            throw WrongType();
        }

        DynamoNumber a = NumberOf(left);
        DynamoNumber b = NumberOf(right);
        return a.TryAdd(plus ? b : b.Negated(), out DynamoNumber sum)
            ? AttributeValue.Of("N", JsonString.Of(sum.ToString()))
            : throw new ExpressionException("Number overflow. Attempting to store a number with magnitude larger than supported range");
    }

    private static DynamoNumber NumberOf(JsonObject value) =>
        DynamoNumber.TryParse(((JsonString)AttributeValue.ContentOf(value)).Value, out DynamoNumber number) ? number : throw WrongType();

    private static ExpressionException WrongType() => new("An operand in the update expression has an incorrect data type");
}
