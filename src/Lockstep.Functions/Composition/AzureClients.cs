using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Security.KeyVault.Secrets;
using Azure.Storage.Blobs;
using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Functions.Messages;
using Lockstep.Functions.Secrets;

namespace Lockstep.Functions.Composition;

/// <summary>
/// The clients of the Azure resources. Each authenticates as its connection says: in Azure as the app's user-assigned identity, elsewhere as whoever is
/// logged in, and to emulators by their well-known connection strings.
/// </summary>
internal sealed class AzureClients
{
    private const string BodiesContainer = "bodies";

    private readonly AzureTables _tables;
    private readonly AzureBlobs _blobs;

    private AzureClients(AzureTables tables, AzureBlobs blobs, ServiceBusMessages messages, ISecrets secrets)
    {
        _tables = tables;
        _blobs = blobs;
        Messages = messages;
        Secrets = secrets;
    }

    /// <summary>The tables.</summary>
    public ITables Tables => _tables;

    /// <summary>The container of bodies.</summary>
    public IBlobs Blobs => _blobs;

    /// <summary>Service Bus.</summary>
    public IMessages Messages { get; }

    /// <summary>The vault.</summary>
    public ISecrets Secrets { get; }

    /// <summary>Makes the clients; calls nothing.</summary>
    public static AzureClients Create(AppSettings settings)
    {
        (TableServiceClient tables, BlobServiceClient blobs) = OpenStorage(settings.Storage);
        ServiceBusClient bus = settings.ServiceBus.ConnectionString is { } text
            ? new ServiceBusClient(text)
            : new ServiceBusClient(settings.ServiceBus.TextOf("fullyQualifiedNamespace"), CredentialOf(settings.ServiceBus));
        ISecrets secrets = settings.VaultUri is { } vault
            ? new VaultSecrets(new SecretClient(vault, CredentialOf(settings.IdentityClientId)))
            : new FolderSecrets(settings.SecretsFolder ?? throw new InvalidSettingsException($"{AppSettings.VaultUriKey} is missing."));
        return new AzureClients(
            new AzureTables(tables), new AzureBlobs(blobs.GetBlobContainerClient(BodiesContainer)), new ServiceBusMessages(bus), secrets);
    }

    /// <summary>The credential of an identity; of whoever is logged in when there is none.</summary>
    public static TokenCredential CredentialOf(string? clientId) => clientId is null
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));

    /// <summary>Creates tables and container: an emulator is empty, while a deployment has made them.</summary>
    public async Task CreateMissingAsync(CancellationToken cancellation)
    {
        await _tables.CreateMissingAsync(cancellation);
        await _blobs.CreateMissingAsync(cancellation);
    }

    private static TokenCredential CredentialOf(ConnectionSettings connection) => connection switch
    {
        { HasManagedIdentity: true, ClientId: null } => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
        { HasManagedIdentity: true, ClientId: var clientId } => CredentialOf(clientId),
        _ => new DefaultAzureCredential(),
    };

    private static (TableServiceClient Tables, BlobServiceClient Blobs) OpenStorage(ConnectionSettings storage)
    {
        if (storage.ConnectionString is { } text)
        {
            return (new TableServiceClient(text), new BlobServiceClient(text));
        }

        TokenCredential credential = CredentialOf(storage);
        return (
            new TableServiceClient(storage.UriOf("tableServiceUri"), credential),
            new BlobServiceClient(storage.UriOf("blobServiceUri"), credential));
    }
}
