using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Lockstep.Azure.Ports;
using Lockstep.Service.Errors;

namespace Lockstep.Functions.Secrets;

/// <summary><see cref="ISecrets"/> over Key Vault. No value is ever part of a message or an exception.</summary>
public sealed class VaultSecrets(SecretClient vault) : ISecrets
{
    private const int NotFound = 404;

    /// <inheritdoc/>
    public ValueTask<string?> FindAsync(string name, CancellationToken cancellation)
    {
        SecretRules.CheckName(name);
        return CallAsync<string?>(
            $"Reading secret {name}",
            async () =>
            {
                try
                {
                    return (await vault.GetSecretAsync(name, cancellationToken: cancellation)).Value.Value;
                }
                catch (RequestFailedException none) when (none.Status == NotFound)
                {
                    return null;
                }
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string name, string value, CancellationToken cancellation)
    {
        SecretRules.Check(name, value);
        await CallAsync($"Writing secret {name}", async () => await vault.SetSecretAsync(name, value, cancellation), cancellation);
    }

    private static async ValueTask<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (failure is RequestFailedException or AuthenticationFailedException or AggregateException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new StorageUnavailableException(
                $"{what} failed: {(failure as RequestFailedException)?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? failure.GetType().Name}",
                failure);
        }
    }
}
