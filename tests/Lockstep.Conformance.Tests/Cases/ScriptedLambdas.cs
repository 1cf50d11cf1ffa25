using System.Globalization;
using System.Text;
using Lockstep.Asl.Resources;
using Lockstep.Engine.Commands;
using Lockstep.Engine.Stimuli;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>Functions that behave as a case says: return, echo, raise, sleep.</summary>
internal sealed class ScriptedLambdas
{
    private readonly Dictionary<string, JsonObject> _behaviours = new(StringComparer.Ordinal);
    private int _requests;

    public ScriptedLambdas(ConformanceCase recorded, Placeholders placeholders)
    {
        foreach (JsonProperty lambda in recorded["lambdas"] as JsonObject ?? JsonObject.Empty)
        {
            if (lambda.Value is JsonObject script && script["behaviour"] is JsonObject behaviour)
            {
                _behaviours[placeholders.Substitute(lambda.Name)] = script["description"] is JsonString description
                    && description.Value.StartsWith("returns python bytes", StringComparison.Ordinal)
                    && behaviour["value"] is JsonString bytes
                    ? behaviour.With("value", JsonValue.Parse(bytes.Value)) // The runtime passes bytes on as they are: they are the answer's text.
                    : behaviour;
            }
        }
    }

    /// <summary>Whether a call is one of a function, directly or through the service that invokes functions.</summary>
    public static bool IsFunction(InvokeTask call) =>
        call.Resource.Kind == ResourceKind.Function || call.Resource is { Kind: ResourceKind.Service, Service: "lambda" };

    /// <summary>Answers a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="now">The virtual time.</param>
    /// <returns>The outcome, whose time says when it comes.</returns>
    public Stimulus Answer(InvokeTask call, DateTimeOffset now)
    {
        bool direct = call.Resource.Kind == ResourceKind.Function;
        var parameters = call.Parameters as JsonObject;
        string name = direct ? call.Resource.Text : (parameters?["FunctionName"] as JsonString)?.Value ?? "";
        JsonValue payload = direct ? call.Parameters : parameters?["Payload"] ?? JsonNull.Instance;
        if (!direct && payload is JsonNull)
        {
            payload = JsonObject.Empty; // Lambda is invoked without a body then, and sees an empty event.
        }
        else if (!direct && payload is JsonString text && JsonReader.Read(text.Value) is { IsSuccess: true } body)
        {
            payload = body.Value; // A text is the body of the invocation as it is.
        }

        if (!_behaviours.TryGetValue(name, out JsonObject? behaviour))
        {
            throw new NotSupportedException($"No script for the function {name}.");
        }

        return Behave(behaviour, call, payload, direct, now);
    }

    private Stimulus Behave(JsonObject behaviour, InvokeTask call, JsonValue payload, bool direct, DateTimeOffset now)
    {
        switch ((behaviour["kind"] as JsonString)?.Value)
        {
            case "echo":
                return Success(payload);
            case "return":
                return Success(behaviour["value"] ?? JsonNull.Instance);
            case "return-repeat":
                string unit = ((JsonString)behaviour["char"]!).Value; // The case format has it.
                return Success(JsonString.Of(string.Concat(Enumerable.Repeat(unit, Whole(behaviour["count"])))));
            case "sleep":
                return Behave((JsonObject)behaviour["then"]!, call, payload, direct, now.AddSeconds(Whole(behaviour["seconds"]))); // As above.
            case "raise":
                var document = (JsonObject)behaviour["errorDocument"]!; // As above.
                document = document.With("requestId", JsonString.Of($"00000000-0000-0000-0000-{++_requests:d12}"));
                return new TaskFailed(now, call.Id, ((JsonString)behaviour["errorType"]!).Value, direct ? Spaced(document) : document.ToString());
            case string kind:
                throw new NotSupportedException($"No script for behaviour {kind}.");
            case null:
                throw new InvalidDataException("A behaviour without a kind.");
        }

        TaskSucceeded Success(JsonValue value) => new(now, call.Id, direct ? value : JsonObject.Of(
            new JsonProperty("ExecutedVersion", JsonString.Of("$LATEST")),
            new JsonProperty("Payload", value),
            new JsonProperty("StatusCode", JsonNumber.Of(200))));
    }

    private static int Whole(JsonValue? value) => value is JsonNumber number && number.TryGetInt64(out long whole)
        ? (int)whole
        : throw new InvalidDataException("A behaviour without its number.");

    // The Python runtime prints error documents with spaces; a function ARN passes them on as they are.
    private static string Spaced(JsonValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonValue value)
    {
        switch (value)
        {
            case JsonObject json:
                text.Append('{');
                for (int i = 0; i < json.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ").Append(CultureInfo.InvariantCulture, $"{JsonString.Of(json[i].Name)}: ");
                    Append(text, json[i].Value);
                }

                text.Append('}');
                break;
            case JsonArray array:
                text.Append('[');
                for (int i = 0; i < array.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Append(text, array[i]);
                }

                text.Append(']');
                break;
            default:
                text.Append(value);
                break;
        }
    }
}
