using Lockstep.Service.Errors;
using Lockstep.Service.Naming;

namespace Lockstep.Service.StateMachines;

/// <summary>
/// How callers name what they start or list: <c>machine</c>, <c>machine:version</c> or <c>machine:alias</c>, the tail of the ARN that Step
/// Functions has for the same. No name contains a colon, and no alias consists of digits alone.
/// </summary>
/// <param name="Name">The machine.</param>
/// <param name="Version">The version; null when none is named.</param>
/// <param name="Alias">The alias; null when none is named.</param>
public sealed record StateMachineReference(string Name, long? Version, string? Alias)
{
    /// <summary>Whether a version or alias is named.</summary>
    public bool IsQualified => Version is not null || Alias is not null;

    /// <summary>Reads a reference. Fails with InvalidName.</summary>
    public static Result<StateMachineReference> Read(ResourceNames names, string text, string target)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        if (names.Check(name, target) is { } badName)
        {
            return badName;
        }

        if (colon < 0)
        {
            return new StateMachineReference(name, null, null);
        }

        string qualifier = text[(colon + 1)..];
        if (StateMachineVersion.TryParseNumber(qualifier, out long number))
        {
            return new StateMachineReference(name, number, null);
        }

        return names.CheckAlias(qualifier, target) is { } badAlias ? badAlias : new StateMachineReference(name, null, qualifier);
    }

    /// <inheritdoc/>
    public override string ToString() => Version is not null ? $"{Name}:{Version}" : Alias is not null ? $"{Name}:{Alias}" : Name;
}
