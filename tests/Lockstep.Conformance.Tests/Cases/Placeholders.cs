using System.Text.RegularExpressions;
using Lockstep.Json;

namespace Lockstep.Conformance.Tests.Cases;

/// <summary>
/// Replaces the placeholders of a case (<c>$LAMBDA:x</c>, <c>$UID:1</c>, …) by values that cannot occur otherwise, and knows how the
/// recording shows each of them.
/// </summary>
internal sealed partial class Placeholders
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<(string Value, string RecordedAs)> _recorded = [];

    public Placeholders(ConformanceCase recorded)
    {
        foreach (JsonProperty binding in recorded["bindings"] as JsonObject ?? JsonObject.Empty)
        {
            if ((binding.Value as JsonObject)?["recordedAs"] is JsonString shown)
            {
                _recorded.Add((ValueOf(binding.Name), shown.Value));
            }
        }

        foreach (JsonObject alias in (recorded["inputAliases"] as JsonArray ?? JsonArray.Empty).OfType<JsonObject>())
        {
            if (alias["sent"] is JsonString sent && alias["recordedAs"] is JsonString shown)
            {
                _recorded.Add((Substitute(sent.Value), shown.Value));
            }
        }

        // The longest first: a name stands inside its ARN.
        _recorded.Sort((a, b) => b.Value.Length - a.Value.Length);
    }

    /// <summary>The text with every placeholder replaced by its value.</summary>
    public string Substitute(string text) => Placeholder().Replace(text, match => ValueOf(match.Value));

    public JsonValue Substitute(JsonValue value) => value switch
    {
        JsonString text => JsonString.Of(Substitute(text.Value)),
        JsonArray array => JsonArray.Of([.. array.Select(Substitute)]),
        JsonObject json => JsonObject.Of([.. json.Select(p => new JsonProperty(Substitute(p.Name), Substitute(p.Value)))]),
        _ => value,
    };

    /// <summary>A text of ours as the recording would show it.</summary>
    public string AsRecorded(string text)
    {
        foreach ((string value, string shown) in _recorded)
        {
            text = text.Replace(value, shown, StringComparison.Ordinal);
        }

        return text;
    }

    private string ValueOf(string placeholder)
    {
        if (!_values.TryGetValue(placeholder, out string? value))
        {
            string name = placeholder[(placeholder.IndexOf(':', StringComparison.Ordinal) + 1)..];
            value = placeholder[1..placeholder.IndexOf(':', StringComparison.Ordinal)] switch
            {
                "LAMBDA" => $"arn:aws:lambda:us-east-1:111111111111:function:Fn-{name}",
                "LAMBDA_NAME" => $"Fn-{name}",
                "STATE_MACHINE_ARN" => $"arn:aws:states:us-east-1:111111111111:stateMachine:Sm-{name}",
                "BUCKET_NAME" => $"bucket-{name}",
                "SQS_QUEUE_NAME" => $"Queue-{name}",
                "SQS_QUEUE_ARN" => $"arn:aws:sqs:us-east-1:111111111111:Queue-{name}",
                "SQS_QUEUE_URL" => $"https://sqs.us-east-1.amazonaws.com/111111111111/Queue-{name}",
                "SNS_TOPIC_ARN" => $"arn:aws:sns:us-east-1:111111111111:Topic-{name}",
                "ACTIVITY_ARN" => $"arn:aws:states:us-east-1:111111111111:activity:Ac-{name}",
                string kind => $"{kind}-{name}",
            };
            _values.Add(placeholder, value);
        }

        return value;
    }

    [GeneratedRegex(@"\$[A-Z_]+:[A-Za-z0-9_]+")]
    private static partial Regex Placeholder();
}
