using System.Collections.Immutable;
using System.Globalization;
using Lockstep.Service.Errors;

namespace Lockstep.Api.Wire.Throttling;

/// <summary>
/// How often a tenant may call each operation of the Step Functions protocol. The defaults are what AWS publishes for its largest regions (Step Functions
/// Developer Guide, Service quotas, "Quotas related to API action throttling"); of <see cref="WireRegistry.UnpublishedRates"/> it publishes none.
/// </summary>
public sealed record ThrottlingOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Lockstep:Throttling";

    private const int MaxRate = 1_000_000;

    /// <summary>Whether calls are counted. Off in development mode. Key <c>Lockstep:Throttling:Enabled</c>.</summary>
    public bool IsEnabled { get; init; }

    /// <summary>The rates that the operator has set, by operation. Keys <c>Lockstep:Throttling:OPERATION:BucketSize</c> and <c>…:RefillPerSecond</c>.</summary>
    public ImmutableDictionary<string, ThrottleRate> Rates { get; init; } = ImmutableDictionary<string, ThrottleRate>.Empty;

    /// <summary>The rate of an operation.</summary>
    public ThrottleRate RateOf(string operation, ThrottleRate usual) => Rates.GetValueOrDefault(operation, usual);

    /// <summary>Reads the settings; fails with the first one that cannot be used.</summary>
    /// <param name="find">Finds the value of a key; null when it is not set.</param>
    /// <param name="isEnabled">Whether calls are counted when nothing is set.</param>
    public static Result<ThrottlingOptions> Read(Func<string, string?> find, bool isEnabled)
    {
        ArgumentNullException.ThrowIfNull(find);
        if (find($"{Section}:Enabled") is { } text && !bool.TryParse(text, out isEnabled))
        {
            return Refused($"{Section}:Enabled", text, "true or false");
        }

        ImmutableDictionary<string, ThrottleRate>.Builder rates = ImmutableDictionary.CreateBuilder<string, ThrottleRate>(StringComparer.Ordinal);
        foreach ((string name, ThrottleRate usual) in WireRegistry.Rates)
        {
            Result<int> size = ReadNumber(find, $"{Section}:{name}:BucketSize", usual.BucketSize);
            Result<int> refill = ReadNumber(find, $"{Section}:{name}:RefillPerSecond", usual.RefillPerSecond);
            if ((size.Error ?? refill.Error) is { } wrong)
            {
                return wrong;
            }

            rates.Add(name, new ThrottleRate(size.Value, refill.Value));
        }

        return new ThrottlingOptions { IsEnabled = isEnabled, Rates = rates.ToImmutable() };
    }

    private static Result<int> ReadNumber(Func<string, string?> find, string key, int usual) =>
        find(key) is not { } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= MaxRate ? value
        : Refused(key, text, string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {MaxRate}"));

    private static ServiceError Refused(string key, string value, string wanted) =>
        new(ErrorCodes.Validation, $"{key} is \"{value}\", but has to be {wanted}.") { Target = key };
}
