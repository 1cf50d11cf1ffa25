using System.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Resources;
using Lockstep.Json;

namespace Lockstep.Engine.Testing.Mocks;

/// <summary>Compares a mocked result with the response of the API that it stands for, and names the first field that does not fit.</summary>
internal static class ResponseCheck
{
    private const string Prefix = "Mock result schema validation error: ";

    /// <summary>What is wrong; null when nothing is, or when there is nothing to compare with.</summary>
    public static string? Problem(TaskResource resource, MockedResult mock)
    {
        if (mock.Validation == FieldValidationMode.None || ResponseShapes.Of(resource) is not ResponseShape shape)
        {
            return null;
        }

        return mock.Result is JsonObject
            ? Problem(shape, mock.Result, "", mock.Validation == FieldValidationMode.Strict)
            : Prefix + "The result must be an object";
    }

    private static string? Problem(ResponseShape shape, JsonValue value, string field, bool strict) => (shape, value) switch
    {
        (DeferredShape deferred, _) => Problem(deferred.Shape(), value, field, strict),
        (ScalarShape scalar, _) => OfScalar(scalar.Kind, value) is string type ? Wrong(field, type) : null,
        (ListShape list, JsonArray array) => array.Select(item => Problem(list.Item, item, field, strict)).FirstOrDefault(wrong => wrong is not null),
        (ListShape, _) => Wrong(field, "an array"),
        (MapShape map, JsonObject json) => json.Select(p => Problem(map.Value, p.Value, p.Name, strict)).FirstOrDefault(wrong => wrong is not null),
        (StructureShape structure, JsonObject json) => OfFields(structure, json, strict),
        (MapShape or StructureShape, _) => Wrong(field, "an object"),
        _ => throw new UnreachableException(),
    };

    private static string? OfFields(StructureShape structure, JsonObject json, bool strict)
    {
        foreach (ResponseField field in structure.Fields)
        {
            JsonValue? value = json[field.Name];
            if (value is null or JsonNull)
            {
                if (strict && field.IsRequired)
                {
                    return $"{Prefix}Field '{field.Name}' is required";
                }
            }
            else if (Problem(field.Shape, value, field.Name, strict) is string wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>The type that a value should have; null when it has it.</summary>
    private static string? OfScalar(ScalarKind kind, JsonValue value) => kind switch
    {
        ScalarKind.Anything => null,
        ScalarKind.Text => value is JsonString ? null : "a string",
        ScalarKind.Number => value is JsonNumber ? null : "a number",
        ScalarKind.Boolean => value is JsonBoolean ? null : "a boolean",
        ScalarKind.Timestamp => value is JsonNumber || (value is JsonString text && Rfc3339.TryParse(text.Value, out _)) ? null : "a valid timestamp",
        _ => throw new UnreachableException(),
    };

    private static string Wrong(string field, string type) => $"{Prefix}Field '{field}' must be {type}";
}
