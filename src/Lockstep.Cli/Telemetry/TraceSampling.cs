using System.Globalization;
using OpenTelemetry.Trace;

namespace Lockstep.Cli.Telemetry;

/// <summary>
/// Which traces are recorded, under the names of OpenTelemetry. A decision is made where a trace begins and holds for all of it: executions, calls
/// and callees follow the request that started them, and that its caller, unless the name says otherwise.
/// </summary>
/// <param name="Name">The name of a sampler.</param>
/// <param name="Ratio">The share of traces that the samplers by ratio record, 0 to 1.</param>
internal sealed record TraceSampling(string Name, double Ratio)
{
    /// <summary>Records what the caller records, and everything without a caller.</summary>
    public static TraceSampling Default { get; } = new("parentbased_always_on", 1);

    /// <summary>Every name.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

    /// <summary>Whether the sampler has a ratio.</summary>
    public bool HasRatio => Name.EndsWith("traceidratio", StringComparison.Ordinal);

    /// <summary>Reads a ratio from 0 to 1.</summary>
    public static bool TryParseRatio(string text, out double ratio) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ratio) && ratio is >= 0 and <= 1;

    /// <summary>The sampler.</summary>
    public Sampler Create()
    {
        const string FollowingCaller = "parentbased_";
        Sampler own = (Name.StartsWith(FollowingCaller, StringComparison.Ordinal) ? Name[FollowingCaller.Length..] : Name) switch
        {
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(Ratio),
            _ => throw new ArgumentOutOfRangeException(nameof(Name), Name, "There is no such sampler."),
        };
        return Name.StartsWith(FollowingCaller, StringComparison.Ordinal) ? new ParentBasedSampler(own) : own;
    }
}
