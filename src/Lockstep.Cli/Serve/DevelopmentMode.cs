using Lockstep.Cli.Composition;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Functions;
using Lockstep.Service.Tenancy;
using Lockstep.Targets.SampleFunctions;

namespace Lockstep.Cli.Serve;

/// <summary>
/// What makes a first quarter of an hour pleasant: one tenant, its keys, and the functions of the samples, registered where this server
/// itself answers them.
/// </summary>
internal static class DevelopmentMode
{
    /// <summary>Prepares the tenant; answers with the lines to print.</summary>
    public static async Task<IReadOnlyList<string>> PrepareAsync(
        LockstepService service, DevelopmentKeys keys, string dataFolder, Uri address, CancellationToken cancellation)
    {
        string key = keys.ApiKey ?? await DrawnKeyFile.ReadOrDrawAsync(dataFolder, ApiKeyText.Draw, cancellation);
        await service.ApiKeys.AdoptAsync(DevelopmentTenant.Id, key, cancellation);
        foreach (string name in SampleCatalog.Names)
        {
            string url = new Uri(address, SampleEndpoints.PathOf(name)).AbsoluteUri;
            Result<PutFunctionOutcome> put = await service.Functions.PutAsync(DevelopmentTenant.Id, name, url, cancellation);
            if (!put.Succeeded)
            {
                throw new InvalidOperationException($"The sample function {name} could not be registered: {put.Error.Message}");
            }
        }

        return
        [
            $"tenant {DevelopmentTenant.Id}",
            keys.ApiKey is null ? $"API key {key}" : $"API key as in {DevelopmentKeys.ApiKeyVariable}",
            .. await AnnounceAccessKeyAsync(service, keys, key, cancellation),
        ];
    }

    private static async Task<IReadOnlyList<string>> AnnounceAccessKeyAsync(
        LockstepService service, DevelopmentKeys keys, string apiKey, CancellationToken cancellation)
    {
        if (keys.AccessKey is { } chosen)
        {
            service.AccessKeys.Adopt(chosen);
            return [$"access key as in {DevelopmentKeys.AccessKeyIdVariable} and {DevelopmentKeys.SecretAccessKeyVariable}"];
        }

        return await service.AccessKeys.OfApiKeyAsync(apiKey, cancellation) is { } own
            ? [$"access key id {own.Id}", $"secret access key {own.Secret}"]
            : [];
    }
}
