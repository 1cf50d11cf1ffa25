namespace Lockstep.Embedded.Hosting;

/// <summary>Everything that can be set of the embedded service.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>The region in ARNs. Default <c>local</c>.</summary>
    public string Region { get; init; } = "local";

    /// <summary>Limits of the store.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Limits of the driver.</summary>
    public DriverOptions Driver { get; init; } = new();

    /// <summary>How long things are kept.</summary>
    public RetentionOptions Retention { get; init; } = new();
}
