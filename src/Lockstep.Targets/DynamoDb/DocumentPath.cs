using System.Collections.Immutable;
using Lockstep.Json;

namespace Lockstep.Targets.DynamoDb;

/// <summary>One step into a document: a member of a map, or an element of a list.</summary>
/// <param name="Name">The member; null when the step is an index.</param>
/// <param name="Index">The element, from 0.</param>
internal readonly record struct PathStep(string? Name, int Index);

/// <summary>Where something is in an item (DynamoDB Developer Guide, "Document paths").</summary>
internal sealed record DocumentPath(ImmutableArray<PathStep> Steps)
{
    private const string Invalid = "The document path provided in the update expression is invalid for update";

    /// <summary>The attribute it begins at.</summary>
    public string Root => Steps[0].Name ?? "";

    /// <summary>The value there; null when there is none.</summary>
    public JsonObject? Find(JsonObject item)
    {
        JsonObject? found = item[Root] as JsonObject;
        for (int i = 1; i < Steps.Length && found is not null; i++)
        {
            PathStep step = Steps[i];
            found = AttributeValue.ContentOf(found) switch
            {
                JsonObject map when step.Name is { } name && AttributeValue.TypeOf(found) == "M" => map[name] as JsonObject,
                JsonArray list when step.Name is null && AttributeValue.TypeOf(found) == "L" && step.Index < list.Count => list[step.Index] as JsonObject,
                _ => null,
            };
        }

        return found;
    }

    /// <summary>The item with a value there; everything above has to be there, and an index beyond the end of a list appends.</summary>
    /// <exception cref="ExpressionException">What is above is not there.</exception>
    public JsonObject Put(JsonObject item, JsonObject value) => Change(item, 0, value);

    /// <summary>The item without the value there; nothing changes when there is none.</summary>
    /// <exception cref="ExpressionException">What is above is not there.</exception>
    public JsonObject Remove(JsonObject item) => Change(item, 0, null);

    /// <summary>Whether one of both lies on the way to the other, or both are the same.</summary>
    public bool Overlaps(DocumentPath other) =>
        Steps.AsSpan().StartsWith(other.Steps.AsSpan()) || other.Steps.AsSpan().StartsWith(Steps.AsSpan());

    private JsonObject Change(JsonObject map, int at, JsonObject? value)
    {
        string name = Steps[at].Name ?? throw new ExpressionException(Invalid);
        if (at == Steps.Length - 1)
        {
            return value is not null ? map.With(name, value) : map.Contains(name) ? map.Without(name) : map;
        }

        JsonObject inner = map[name] as JsonObject ?? throw new ExpressionException(Invalid);
        return map.With(name, Inside(inner, at + 1, value));
    }

    private JsonObject Inside(JsonObject outer, int at, JsonObject? value)
    {
        PathStep step = Steps[at];
        return (AttributeValue.ContentOf(outer), AttributeValue.TypeOf(outer)) switch
        {
            (JsonObject map, "M") when step.Name is not null => AttributeValue.Of("M", Change(map, at, value)),
            (JsonArray list, "L") when step.Name is null => AttributeValue.Of("L", InList(list, at, value)),
            _ => throw new ExpressionException(Invalid),
        };
    }

    private JsonArray InList(JsonArray list, int at, JsonObject? value)
    {
        int index = Steps[at].Index;
        JsonValue[] items = [.. list];
        if (at < Steps.Length - 1)
        {
            items[index < items.Length ? index : throw new ExpressionException(Invalid)] = Inside((JsonObject)items[index], at + 1, value);
            return JsonArray.Of(items);
        }

        if (index >= items.Length)
        {
            return value is null ? list : JsonArray.Of([.. items, value]);
        }

        return value is null ? JsonArray.Of([.. items[..index], .. items[(index + 1)..]]) : list.With(index, value);
    }
}

/// <summary>An expression cannot be read or applied; the message is what DynamoDB says of it.</summary>
internal sealed class ExpressionException(string message) : Exception(message);
