using Lockstep.Asl.Diagnostics;
using Lockstep.Asl.Expressions;
using Lockstep.Asl.Model;
using Lockstep.Asl.Queries;
using Lockstep.Asl.Resources;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>Reads Task states and checks that something can carry them out.</summary>
internal static class TaskReader
{
    private static readonly TaskResource NoResource = new("", ResourceKind.Function, "", "", IntegrationPattern.RequestResponse);

    public static TaskDefinition Read(string name, Fields fields)
    {
        fields.Allow(FieldSet.Task);
        fields.Require("Resource");
        var task = new TaskDefinition
        {
            Name = name,
            QueryLanguage = fields.Context.Language,
            Next = StateReader.ReadNext(fields),
            Resource = ReadResource(fields),
            TimeoutSeconds = fields.IntegerOrPath("TimeoutSeconds", 1, Fields.MaxSeconds),
            HeartbeatSeconds = fields.IntegerOrPath("HeartbeatSeconds", 1, Fields.MaxSeconds),
            Credentials = TemplateReader.Read(fields, "Credentials"),
            Parameters = StateReader.ReadParameters(fields),
            ResultSelector = StateReader.ReadResultSelector(fields),
            ResultPath = StateReader.ReadResultPath(fields),
            Retry = ErrorHandlingReader.ReadRetry(fields),
            Catch = ErrorHandlingReader.ReadCatch(fields),
        };
        CheckHeartbeat(task, fields);
        return StateReader.WithCommon(task, fields);
    }

    private static TaskResource ReadResource(Fields fields)
    {
        const string Name = "Resource";
        DiagnosticBag problems = fields.Context.Problems;
        AslOptions options = fields.Context.Options;
        string? text = fields.Text(Name);
        if (text is null)
        {
            return NoResource;
        }

        if (options.AllowPlaceholders && text.Contains("${", StringComparison.Ordinal))
        {
            return NoResource with { Text = text, Action = text };
        }

        if (!TaskResourceParser.TryParse(text, out TaskResource? resource))
        {
            problems.Error(DiagnosticCodes.InvalidResource, "Value is not a valid resource ARN", Name);
            return NoResource;
        }

        if (fields.Context.Type == WorkflowType.Express && ExpressRefusal(resource) is string refused)
        {
            problems.Error(DiagnosticCodes.NotInExpress, $"Express state machine does not support {refused}", Name);
            return resource;
        }

        ResourceDescription? description = options.Resources.Find(resource);
        if (description is null)
        {
            problems.Error(
                DiagnosticCodes.ResourceNotSupported,
                $"The resource provided {text} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
                Name);
        }
        else if (!description.Patterns.Contains(resource.Pattern))
        {
            problems.Error(
                DiagnosticCodes.PatternNotSupported,
                resource.Pattern == IntegrationPattern.RequestResponse
                    ? $"The resource {text} is supported only with one of: {string.Join(", ", description.Patterns.Select(TaskResourceParser.SuffixOf))}"
                    : $"The resource {text} is not supported with the service integration pattern '{TaskResourceParser.SuffixOf(resource.Pattern)}'",
                Name);
        }
        else
        {
            CheckParameters(description, fields);
            CheckGiven(CallParameters.Of(resource), fields);
        }

        return resource;
    }

    private static string? ExpressRefusal(TaskResource resource) => resource switch
    {
        { Kind: ResourceKind.Activity } => "activity ARNs",
        { Pattern: IntegrationPattern.Sync or IntegrationPattern.Sync2 } => "'.sync' service integration",
        { Pattern: IntegrationPattern.WaitForTaskToken } => "'.waitForTaskToken' service integration",
        _ => null,
    };

    private static void CheckParameters(ResourceDescription description, Fields fields)
    {
        if (description.RequiredParameters.IsEmpty)
        {
            return;
        }

        string name = fields.Context.Language == QueryLanguage.JsonPath ? "Parameters" : "Arguments";
        JsonValue? value = fields[name];
        if (value is not null and not JsonObject)
        {
            // An expression as a whole: what it yields is known only when it runs.
            return;
        }

        foreach (string parameter in description.RequiredParameters)
        {
            if (value is not JsonObject parameters || !(parameters.Contains(parameter) || parameters.Contains(parameter + ".$")))
            {
                fields.Context.Problems.Error(
                    DiagnosticCodes.MissingParameter, $"The field '{parameter}' is required but was missing", value is null ? null : name);
            }
        }
    }

    /// <summary>Checks the parameters that are there against those that the call takes; values of expressions are checked when the state runs.</summary>
    private static void CheckGiven(CallParameters? known, Fields fields)
    {
        bool isPath = fields.Context.Language == QueryLanguage.JsonPath;
        string name = isPath ? "Parameters" : "Arguments";
        if (known is null || fields[name] is not JsonObject given)
        {
            return;
        }

        fields.Context.Problems.Enter(name);
        foreach (JsonProperty parameter in given)
        {
            bool isExpression = isPath
                ? TemplateReader.NameWithoutMark(parameter.Name) != parameter.Name
                : QueryString.TryRead(parameter.Value, out _, out _);
            string plain = isPath ? TemplateReader.NameWithoutMark(parameter.Name) : parameter.Name;
            if (known.Problem(plain, isExpression ? null : parameter.Value) is string problem)
            {
                fields.Context.Problems.ErrorInField(DiagnosticCodes.UnsupportedParameter, problem, parameter.Name);
            }
        }

        fields.Context.Problems.Leave();
    }

    private static void CheckHeartbeat(TaskDefinition task, Fields fields)
    {
        if (task.HeartbeatSeconds is LiteralExpression { Value: JsonNumber heartbeat }
            && task.TimeoutSeconds is LiteralExpression { Value: JsonNumber timeout }
            && heartbeat.CompareTo(timeout) >= 0)
        {
            fields.Context.Problems.Error(
                DiagnosticCodes.OutOfRange, "The field 'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'", "HeartbeatSeconds");
        }
    }
}
