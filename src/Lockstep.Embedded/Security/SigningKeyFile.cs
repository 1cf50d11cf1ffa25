using System.Text.Json;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.Security;

namespace Lockstep.Embedded.Security;

/// <summary>
/// Signing keys in one file beside the database, readable by its owner only: who gets hold of a copy of the database cannot forge a
/// task token. The file is replaced as a whole, so it is never seen half written.
/// </summary>
internal sealed class SigningKeyFile : ISigningKeyStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly Lock _gate = new();

    private SigningKeyFile(string path) => _path = path;

    /// <summary>Names the file of a data folder, and refuses one that others may read or that is damaged.</summary>
    public static SigningKeyFile Open(string dataFolder)
    {
        var file = new SigningKeyFile(Path.Combine(dataFolder, "signing-keys.json"));
        if (File.Exists(file._path))
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file._path) & ~OwnerOnly) != 0)
            {
                throw new EmbeddedStartupException(
                    StorageFailure.KeyFileUnusable, $"{file._path} may be read by others than its owner. Run: chmod 600 {file._path}");
            }

            try
            {
                file.Read();
            }
            catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
            {
                throw new EmbeddedStartupException(
                    StorageFailure.KeyFileUnusable,
                    $"{file._path} cannot be read: {failure.Message} Restore it from a backup: task tokens that it signed are void without it.",
                    failure);
            }
        }

        return file;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SigningKey>> LoadAsync(string purpose, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(OfPurpose(Read(), purpose));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SigningKey>> AddFirstAsync(string purpose, SigningKey key, CancellationToken cancellation)
    {
        lock (_gate)
        {
            List<StoredKey> keys = Read();
            if (OfPurpose(keys, purpose).Count == 0)
            {
                keys.Add(new StoredKey(purpose, key.KeyId, key.Secret.ToArray(), key.CreatedAt));
                Write(keys);
            }

            return ValueTask.FromResult(OfPurpose(keys, purpose));
        }
    }

    private static IReadOnlyList<SigningKey> OfPurpose(List<StoredKey> keys, string purpose) =>
        [.. keys.Where(key => key.Purpose == purpose).Select(key => new SigningKey(key.KeyId, key.Secret, key.CreatedAt))];

    private List<StoredKey> Read()
    {
        if (!File.Exists(_path))
        {
            return [];
        }

        using FileStream stream = File.OpenRead(_path);
        return JsonSerializer.Deserialize<List<StoredKey>>(stream) ?? [];
    }

    private void Write(List<StoredKey> keys)
    {
        string draft = _path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(stream, keys);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, _path, overwrite: true);
    }

    private sealed record StoredKey(string Purpose, string KeyId, byte[] Secret, DateTimeOffset CreatedAt);
}
