using Lockstep.Json;

namespace Lockstep.Asl.Linting;

/// <summary>The condition of a Choice rule, apart from what follows when it matches.</summary>
internal static class ChoiceCondition
{
    private static readonly string[] NotCondition = ["Next", "Assign", "Output", "Comment"];

    /// <summary>The rule without the fields that are not its condition.</summary>
    public static JsonObject Of(JsonObject rule) =>
        JsonObject.Of([.. rule.Where(property => !NotCondition.Contains(property.Name, StringComparer.Ordinal))]);
}
