using Lockstep.Cli.Composition;
using Lockstep.Service.Tenancy;

namespace Lockstep.Cli.Serve;

/// <summary>The credentials of development mode: chosen by the environment, or drawn when it says nothing.</summary>
/// <param name="ApiKey">The API key that the environment names; null to draw one.</param>
/// <param name="AccessKey">The access key that the environment names; null for the one that belongs to the API key.</param>
internal sealed record DevelopmentKeys(string? ApiKey, AccessKey? AccessKey)
{
    /// <summary>The environment variable with the API key.</summary>
    public const string ApiKeyVariable = "LOCKSTEP_DEV_API_KEY";

    /// <summary>The environment variable with the identifier of the access key.</summary>
    public const string AccessKeyIdVariable = "LOCKSTEP_DEV_ACCESS_KEY_ID";

    /// <summary>The environment variable with the secret of the access key.</summary>
    public const string SecretAccessKeyVariable = "LOCKSTEP_DEV_SECRET_ACCESS_KEY";

    private const int MaxLength = 256;

    /// <summary>Reads the environment.</summary>
    public static DevelopmentKeys FromEnvironment()
    {
        string? id = Read(AccessKeyIdVariable, AccessKeys.MaxIdLength);
        string? secret = Read(SecretAccessKeyVariable, MaxLength);
        if (id is null != secret is null)
        {
            throw new CommandFailure(ExitCode.InvalidConfiguration, $"{AccessKeyIdVariable} and {SecretAccessKeyVariable} go together: set both or none.");
        }

        if (id is not null && id.Any(c => c is '/' or ',' or '='))
        {
            throw new CommandFailure(ExitCode.InvalidConfiguration, $"{AccessKeyIdVariable} may not have slashes, commas and equals signs.");
        }

        return new DevelopmentKeys(
            Read(ApiKeyVariable, MaxLength), id is null || secret is null ? null : new AccessKey(id, DevelopmentTenant.Id, secret));
    }

    private static string? Read(string variable, int maxLength)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        if (text is not null && (text.Length > maxLength || text.Any(c => c is <= ' ' or > '~')))
        {
            throw new CommandFailure(
                ExitCode.InvalidConfiguration, $"{variable} has to consist of 1 to {maxLength} printable ASCII characters without spaces.");
        }

        return string.IsNullOrEmpty(text) ? null : text;
    }
}
