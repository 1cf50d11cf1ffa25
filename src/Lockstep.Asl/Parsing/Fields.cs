using System.Collections.Immutable;
using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Evaluation;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Queries;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Typed access to the fields of one JSON object of a definition. Every method reports what is wrong with its field.</summary>
/// <param name="json">The object.</param>
/// <param name="context">What the readers share.</param>
/// <param name="location">Where in its state the object is, as causes name it: empty for the state itself, else such as <c>Choices[1]/</c>.</param>
internal readonly struct Fields(JsonObject json, ReadContext context, string location = "")
{
    /// <summary>A number of seconds as large as Step Functions allows.</summary>
    public const long MaxSeconds = 99_999_999;

    /// <summary>What is said of a value that is no Reference Path.</summary>
    public const string NotAReferencePath = "Value is not a Reference Path";

    public JsonObject Json => json;

    public ReadContext Context => context;

    public string Location => location;

    private bool IsJsonata => context.Language == QueryLanguage.Jsonata;

    private DiagnosticBag Problems => context.Problems;

    public JsonValue? this[string name] => json[name];

    public bool Has(string name) => json.Contains(name);

    public string? Text(string name)
    {
        JsonValue? value = json[name];
        if (value is null or JsonString)
        {
            return (value as JsonString)?.Value;
        }

        WrongType(name, "String");
        return null;
    }

    public string NonEmptyText(string name)
    {
        string? text = Text(name);
        if (text is { Length: 0 })
        {
            Problems.Error(DiagnosticCodes.InvalidValue, $"The field '{name}' must not be empty", name);
        }

        return text ?? "";
    }

    public bool? Boolean(string name)
    {
        JsonValue? value = json[name];
        if (value is null or JsonBoolean)
        {
            return (value as JsonBoolean)?.Value;
        }

        WrongType(name, "Boolean");
        return null;
    }

    public JsonObject? Object(string name)
    {
        JsonValue? value = json[name];
        if (value is null or JsonObject)
        {
            return value as JsonObject;
        }

        WrongType(name, "Object");
        return null;
    }

    public JsonArray? Array(string name)
    {
        JsonValue? value = json[name];
        if (value is null or JsonArray)
        {
            return value as JsonArray;
        }

        WrongType(name, "Array");
        return null;
    }

    public JsonArray? NonEmptyArray(string name)
    {
        JsonArray? array = Array(name);
        if (array is { Count: 0 })
        {
            Problems.Error(DiagnosticCodes.InvalidValue, $"The field '{name}' must have at least one element", name);
        }

        return array;
    }

    public long? Integer(string name, long smallest, long largest)
    {
        JsonValue? value = json[name];
        if (value is null)
        {
            return null;
        }

        if (value is not JsonNumber number || !number.TryGetInt64(out long integer))
        {
            WrongType(name, "Integer");
            return null;
        }

        if (integer < smallest)
        {
            Problems.Error(DiagnosticCodes.OutOfRange, $"Minimum value is {smallest}", name);
        }
        else if (integer > largest)
        {
            Problems.Error(DiagnosticCodes.OutOfRange, $"Maximum value is {largest}", name);
        }

        return integer;
    }

    /// <summary>
    /// An integer, or what gives one when the state runs: the field with <c>Path</c> behind its name, or an expression in a JSONata state.
    /// </summary>
    /// <param name="name">The field.</param>
    /// <param name="smallest">The smallest integer that is allowed.</param>
    /// <param name="largest">The largest.</param>
    /// <param name="takesContext">Whether the path may begin in the context object.</param>
    public ValueExpression? IntegerOrPath(string name, long smallest, long largest, bool takesContext = true)
    {
        if (QueryReader.TryExpression(this, name, QueryResultType.Integer(smallest, largest), out ValueExpression? query))
        {
            return query;
        }

        string pathName = name + "Path";
        Exclusive(name, pathName);
        if (Integer(name, smallest, largest) is long integer)
        {
            return new LiteralExpression(JsonNumber.Of(integer));
        }

        return ReferencePath(pathName, takesContext) is PathExpression path
            ? new IntegerField(pathName, name, path, smallest, largest)
            : null;
    }

    public PathExpression? Path(string name, PathUseKind kind) => Path(name, kind, $"The value for the field '{name}' must be a valid JSONPath", null);

    /// <summary>A Reference Path that selects one scalar.</summary>
    /// <param name="name">The field.</param>
    /// <param name="takesContext">Whether it may begin in the context object.</param>
    public PathExpression? ReferencePath(string name, bool takesContext = true) => Path(
        name,
        PathUseKind.ScalarField,
        NotAReferencePath,
        path => !path.IsReferencePath ? "only names and non-negative indices are allowed"
            : !takesContext && path is ContextPath ? "a path into the context object is not allowed here" : null);

    private PathExpression? Path(string name, PathUseKind kind, string refusal, Func<PathExpression, string?>? objection)
    {
        string? text = Text(name);
        if (text is null)
        {
            return null;
        }

        if (IsJsonata)
        {
            // It has been reported that the language has no such field.
            return null;
        }

        Problems.Enter(name);
        bool parsed = context.Expressions.TryPath(text, new PathUse(kind, name), out PathExpression? path, out string? reason);
        Problems.Leave();
        if (path is not null && objection?.Invoke(path) is string objected)
        {
            parsed = false;
            reason = objected;
        }

        if (!parsed)
        {
            Problems.Add(new Diagnostic(
                DiagnosticCodes.InvalidPath, DiagnosticSeverity.Error, refusal, Problems.Pointer(name))
            {
                Detail = reason,
            });
        }

        return path;
    }

    /// <summary><c>InputPath</c> and <c>OutputPath</c>: a path, or null, which stands for an empty object.</summary>
    public ValueExpression? PathOrNull(string name) =>
        json[name] is JsonNull && !IsJsonata ? new LiteralExpression(JsonObject.Empty) : Path(name, PathUseKind.StateField);

    /// <summary>The strings of an array field, such as <c>ErrorEquals</c>.</summary>
    public ImmutableArray<string> Texts(string name)
    {
        JsonArray? array = NonEmptyArray(name);
        if (array is null)
        {
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>(array.Count);
        foreach (JsonValue item in array)
        {
            if (item is JsonString text)
            {
                texts.Add(text.Value);
            }
            else
            {
                Problems.Error(DiagnosticCodes.WrongType, $"The elements of '{name}' must be strings", name);
            }
        }

        return texts.DrainToImmutable();
    }

    /// <summary>Reports the required fields that are absent, all in one diagnostic as Step Functions does.</summary>
    public bool Require(params ReadOnlySpan<string> names)
    {
        List<string>? missing = null;
        foreach (string name in names)
        {
            if (!json.Contains(name))
            {
                (missing ??= []).Add(name);
            }
        }

        if (missing is not null)
        {
            Problems.Error(DiagnosticCodes.MissingField, $"These fields are required: [{string.Join(", ", missing)}]");
        }

        return missing is null;
    }

    /// <summary>Reports when two fields are there of which at most one may be.</summary>
    public void Exclusive(string first, string second)
    {
        if (json.Contains(first) && json.Contains(second))
        {
            Problems.ErrorInField(
                DiagnosticCodes.ConflictingFields, $"There should only be one of the following fields: [{first}, {second}]", second);
        }
    }

    /// <summary>Reports fields that the object cannot have.</summary>
    public void Allow(FieldSet allowed)
    {
        (string language, string other) = IsJsonata ? ("JSONata", "JSONPath") : ("JSONPath", "JSONata");
        foreach (JsonProperty property in json)
        {
            if (allowed.Contains(property.Name, context.Language))
            {
                continue;
            }

            if (allowed.ContainsInAnyLanguage(property.Name))
            {
                Problems.ErrorInField(
                    DiagnosticCodes.FieldNotInQueryLanguage,
                    $"The QueryLanguage is set to '{language}', but field '{property.Name}' is only supported for the '{other}' QueryLanguage",
                    property.Name);
            }
            else
            {
                Problems.ErrorInField(DiagnosticCodes.UnknownField, $"Field '{property.Name}' is not supported", property.Name);
            }
        }
    }

    public void WrongType(string name, string expected) =>
        Problems.Error(DiagnosticCodes.WrongType, $"Expected value of type {expected}", name);
}
