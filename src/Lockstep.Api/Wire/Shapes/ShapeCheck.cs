using System.Diagnostics;
using System.Globalization;
using System.Text;
using Lockstep.Json;
using Lockstep.Service.Limits;

namespace Lockstep.Api.Wire.Shapes;

/// <summary>
/// Checks a request against its shape: first that every value has its JSON type, then every constraint, in the words of Step Functions. All
/// violations are reported at once. A member that is null counts as absent.
/// </summary>
public static class ShapeCheck
{
    private const int MaxReported = 10;

    /// <summary>Null when the request is as its operation wants it; else SerializationException or ValidationException.</summary>
    public static WireError? Check(StructureShape shape, JsonObject request, ServiceLimits limits)
    {
        if (MismatchOf(shape, request) is { } mismatch)
        {
            return WireErrors.Serialization(mismatch);
        }

        var found = new List<string>();
        CheckStructure(shape, request, "", limits, found);
        return found.Count == 0 ? null : WireErrors.Validation(
            string.Create(CultureInfo.InvariantCulture, $"{found.Count} validation error{(found.Count == 1 ? "" : "s")} detected: ")
            + string.Join("; ", found.Take(MaxReported)));
    }

    private static string? MismatchOf(Shape shape, JsonValue value) => (shape, value) switch
    {
        (TextShape, JsonString) or (BooleanShape, JsonBoolean) or (NumberShape, JsonNumber) => null,
        (IntegerShape, JsonNumber number) => number.TryGetInt64(out _) ? null : "NUMBER_VALUE cannot be converted to Integer",
        (ListShape list, JsonArray items) => First(items, item => item is JsonNull ? null : MismatchOf(list.Item, item)),
        (StructureShape structure, JsonObject members) => First(
            structure.Members, member => members[member.Name] is null or JsonNull ? null : MismatchOf(member.Shape, members[member.Name] ?? members)),
        _ => $"{NameOf(value)} cannot be converted to {NameOf(shape)}",
    };

    private static string? First<T>(IEnumerable<T> items, Func<T, string?> find)
    {
        foreach (T item in items)
        {
            if (find(item) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string NameOf(JsonValue value) => value.Kind switch
    {
        JsonKind.String => "STRING_VALUE",
        JsonKind.Number => "NUMBER_VALUE",
        JsonKind.Boolean => value.ToString() == "true" ? "TRUE_VALUE" : "FALSE_VALUE",
        JsonKind.Array => "START_ARRAY",
        JsonKind.Object => "START_OBJECT",
        JsonKind.Null => "NULL_VALUE",
        _ => throw new UnreachableException(),
    };

    private static string NameOf(Shape shape) => shape switch
    {
        TextShape => "String",
        BooleanShape => "Boolean",
        IntegerShape => "Integer",
        NumberShape => "Float",
        ListShape => "List",
        StructureShape => "Structure",
        _ => throw new UnreachableException(),
    };

    private static void CheckStructure(StructureShape shape, JsonObject request, string place, ServiceLimits limits, List<string> found)
    {
        foreach (ShapeMember member in shape.Members)
        {
            string at = place.Length == 0 ? member.Name : $"{place}.{member.Name}";
            switch (request[member.Name])
            {
                case null or JsonNull when member.IsRequired:
                    found.Add($"Value null at '{at}' failed to satisfy constraint: Member must not be null");
                    break;
                case null or JsonNull:
                    break;
                case { } value:
                    CheckValue(member.Shape, value, at, limits, found);
                    break;
            }
        }
    }

    private static void CheckValue(Shape shape, JsonValue value, string place, ServiceLimits limits, List<string> found)
    {
        void Add(string constraint) => found.Add(
            shape.IsSensitive ? $"Value at '{place}' failed to satisfy constraint: {constraint}"
            : $"Value '{Shown(value)}' at '{place}' failed to satisfy constraint: {constraint}");

        switch (shape, value)
        {
            case (TextShape text, JsonString given):
                CheckText(text, given.Value, limits, Add);
                break;
            case (IntegerShape integer, JsonNumber given) when given.TryGetInt64(out long number):
                CheckRange(number < integer.Min, number > integer.Max, integer.Min, integer.Max, Add);
                break;
            case (NumberShape bounds, JsonNumber given):
                CheckRange(given.ToDouble() < bounds.Min, given.ToDouble() > bounds.Max, bounds.Min, bounds.Max, Add);
                break;
            case (ListShape list, JsonArray items):
                CheckLength(items.Count, list.Min, list.Max, Add);
                for (int i = 0; i < items.Count; i++)
                {
                    string at = string.Create(CultureInfo.InvariantCulture, $"{place}.{i + 1}.member");
                    if (items[i] is JsonNull)
                    {
                        found.Add($"Value null at '{at}' failed to satisfy constraint: Member must not be null");
                    }
                    else
                    {
                        CheckValue(list.Item, items[i], at, limits, found);
                    }
                }

                break;
            case (StructureShape structure, JsonObject members):
                CheckStructure(structure, members, place, limits, found);
                break;
            default:
                break;
        }
    }

    private static void CheckText(TextShape shape, string text, ServiceLimits limits, Action<string> add)
    {
        // Characters are counted as code points; where a limit of the service counts bytes, the use case counts them again.
        int length = text.EnumerateRunes().Count();
        CheckLength(length, shape.Min, shape.MaxOfService?.Invoke(limits) ?? shape.Max, add);
        if (shape.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            add($"Member must satisfy regular expression pattern: {shape.PatternText}");
        }

        if (!shape.Values.IsEmpty && !shape.Values.Contains(text))
        {
            add($"Member must satisfy enum value set: [{string.Join(", ", shape.Values)}]");
        }
    }

    private static void CheckLength(int length, int? min, int? max, Action<string> add)
    {
        if (length < min)
        {
            add(string.Create(CultureInfo.InvariantCulture, $"Member must have length greater than or equal to {min}"));
        }

        if (length > max)
        {
            add(string.Create(CultureInfo.InvariantCulture, $"Member must have length less than or equal to {max}"));
        }
    }

    private static void CheckRange<T>(bool isBelow, bool isAbove, T min, T max, Action<string> add)
    {
        if (isBelow)
        {
            add(string.Create(CultureInfo.InvariantCulture, $"Member must have value greater than or equal to {min}"));
        }

        if (isAbove)
        {
            add(string.Create(CultureInfo.InvariantCulture, $"Member must have value less than or equal to {max}"));
        }
    }

    private static string Shown(JsonValue value)
    {
        const int most = 1_024;
        string text = value is JsonString given ? given.Value : value.ToString();
        return text.Length <= most ? text : new StringBuilder(text, 0, most, most + 3).Append("...").ToString();
    }
}
