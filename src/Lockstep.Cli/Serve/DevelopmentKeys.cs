namespace Lockstep.Cli.Serve;

/// <summary>The credentials of development mode: chosen by the environment, or drawn when it says nothing.</summary>
/// <param name="ApiKey">The API key that the environment names; null to draw one.</param>
internal sealed record DevelopmentKeys(string? ApiKey)
{
    /// <summary>The environment variable with the API key.</summary>
    public const string ApiKeyVariable = "LOCKSTEP_DEV_API_KEY";

    private const int MaxLength = 256;

    /// <summary>Reads the environment.</summary>
    public static DevelopmentKeys FromEnvironment()
    {
        string? key = Environment.GetEnvironmentVariable(ApiKeyVariable);
        if (key is { Length: > MaxLength } || (key is not null && key.Any(c => c is <= ' ' or > '~')))
        {
            throw new CommandFailure(
                ExitCode.InvalidConfiguration, $"{ApiKeyVariable} has to consist of 1 to {MaxLength} printable ASCII characters without spaces.");
        }

        return new DevelopmentKeys(string.IsNullOrEmpty(key) ? null : key);
    }
}
