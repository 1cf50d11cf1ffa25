using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Engine;
using Lockstep.Service.Errors;

namespace Lockstep.Service.Limits;

/// <summary>
/// The limits of the service, each with a default and a configuration key <c>Lockstep:Limits:NAME</c>. <see cref="Definitions"/> lists them all, by topic;
/// docs/limits.md is checked against it.
/// </summary>
public sealed partial record ServiceLimits
{
    /// <summary>The defaults: AWS's values where it has one.</summary>
    public static ServiceLimits Default { get; } = new();

    /// <summary>Every limit, in the order of the documentation.</summary>
    public static ImmutableArray<LimitDefinition> Definitions { get; } =
    [
        .. ResourceLimits,
        .. ConnectionLimits,
        .. MapRunDefinitions,
        .. RedriveDefinitions,
        .. DefinitionLimits,
        .. DataLimits,
        .. TextLimits,
        .. RequestLimits,
        .. StoreLimits,
    ];

    /// <summary>
    /// Bytes of one request body: twice the larger of payload and definition, because a text within a text is escaped, and 64 KiB for the rest.
    /// </summary>
    public int MaxRequestBodyBytes => (2 * Math.Max(MaxPayloadBytes, MaxDefinitionBytes)) + 65_536;

    /// <summary>The limits that an execution started now keeps for life, as far as they are the service's; the others are the driver's.</summary>
    public ExecutionLimits ForExecutions() => ExecutionLimits.Default with
    {
        MaxPayloadBytes = MaxPayloadBytes,
        MaxPayloadDepth = MaxPayloadDepth,
        MaxComputedBytes = MaxPayloadBytes,
        MaxVariableBytes = MaxVariableBytes,
        MaxAssignBytes = MaxAssignBytes,
        MaxStoredVariableBytes = MaxStoredVariableBytes,
        MaxRangeElements = MaxRangeElements,
        MaxEncodedCharacters = MaxEncodedCharacters,
        MaxFieldWork = MaxFieldWork,
        MaxExpressionFuel = MaxExpressionFuel,
        MaxExpressionDepth = MaxExpressionDepth,
    };

    /// <summary>Reads the limits from a configuration; a value that is no number or out of its range is refused.</summary>
    /// <param name="configuration">Gives the value of a key, or null.</param>
    public static Result<ServiceLimits> Read(Func<string, string?> configuration)
    {
        ServiceLimits limits = Default;
        foreach (LimitDefinition definition in Definitions)
        {
            string? text = configuration(definition.Key);
            if (text is null)
            {
                continue;
            }

            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                || value < definition.Minimum
                || value > definition.Maximum)
            {
                return new ServiceError(
                    ErrorCodes.Validation,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{definition.Key} is \"{text}\", but has to be a whole number from {definition.Minimum} to {definition.Maximum} ({definition.Unit})."))
                {
                    Target = definition.Key,
                };
            }

            limits = definition.With(limits, value);
        }

        return limits;
    }
}
