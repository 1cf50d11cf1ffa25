namespace Lockstep.Cli.Serve;

/// <summary>The functions of the samples, answered by this server in development mode.</summary>
internal static class SampleEndpoints
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [];

    /// <summary>The path of one.</summary>
    public static string PathOf(string name) => "/samples/functions/" + Uri.EscapeDataString(name);
}
