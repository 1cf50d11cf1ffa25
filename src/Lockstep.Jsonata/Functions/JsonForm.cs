using Lockstep.Json;
using Lockstep.Jsonata.Evaluation;
using Lockstep.Jsonata.Values;

namespace Lockstep.Jsonata.Functions;

/// <summary>Values as JSON, which has no functions: they become empty strings.</summary>
internal static class JsonForm
{
    public static JsonValue? Of(object? value, Evaluator run)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonValue json:
                return json;
            case Sequence sequence:
                run.Fuel.Spend(sequence.Count);
                run.Enter();
                var items = new JsonValue[sequence.Count];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = Of(sequence[i], run) ?? JsonNull.Instance;
                }

                run.Leave();
                return JsonArray.OfOwned(items);
            case MixedObject mixed:
                run.Fuel.Spend(mixed.Count);
                run.Enter();
                var members = new JsonObjectBuilder(mixed.Count);
                for (int i = 0; i < mixed.Count; i++)
                {
                    members.Add(mixed.Names[i], Of(mixed.ValueAt(i), run) ?? JsonNull.Instance);
                }

                run.Leave();
                return members.Build();
            default:
                return JsonString.Empty;
        }
    }
}
