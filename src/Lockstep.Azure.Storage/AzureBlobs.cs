using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Lockstep.Azure.Ports;

namespace Lockstep.Azure.Storage;

/// <summary>A container of Azure Blobs.</summary>
/// <param name="container">The container; see <see cref="CreateMissingAsync"/>.</param>
public sealed class AzureBlobs(BlobContainerClient container) : IBlobs
{
    /// <summary>Creates the container if it is not there. The deployment has made it as a rule; an emulator is empty.</summary>
    public async Task CreateMissingAsync(CancellationToken cancellation) => await StorageCalls.MakeAsync(
            $"Creating container {container.Name}", () => container.CreateIfNotExistsAsync(cancellationToken: cancellation), cancellation);

    /// <inheritdoc/>
    public async ValueTask PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        BlobRules.CheckContent(name, content);
        await StorageCalls.MakeAsync(
            $"Writing to container {container.Name}",
            () => container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(content), overwrite: true, cancellation),
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(string name, CancellationToken cancellation)
    {
        BlobRules.CheckName(name);
        return await StorageCalls.MakeAsync<ReadOnlyMemory<byte>?>(
            $"Reading from container {container.Name}",
            async () =>
            {
                try
                {
                    Response<BlobDownloadResult> found = await container.GetBlobClient(name).DownloadContentAsync(cancellation);
                    return found.Value.Content.ToMemory();
                }
                catch (RequestFailedException failure) when (failure.ErrorCode == BlobErrorCode.BlobNotFound)
                {
                    return null;
                }
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellation)
    {
        BlobRules.CheckName(name);
        await StorageCalls.MakeAsync(
            $"Deleting from container {container.Name}", () => container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellation), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<BlobPage> ListAsync(string prefix, int maxItems, string? continuation, CancellationToken cancellation)
    {
        BlobRules.CheckPage(maxItems);
        Page<BlobItem>? page = await StorageCalls.MakeAsync($"Listing container {container.Name}", async () =>
        {
            await foreach (Page<BlobItem> first in container
                .GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation)
                .AsPages(continuation, maxItems))
            {
                return first;
            }

            return null;
        }, cancellation);
        return page is null
            ? new BlobPage([], null)
            : new BlobPage([.. page.Values.Select(blob => blob.Name)], string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
    }
}
