using Lockstep.Azure.Ports;

namespace Lockstep.Functions.Secrets;

/// <summary>
/// <see cref="ISecrets"/> in a folder, for work with the emulators on one machine: there is no emulator of Key Vault. Only its owner may read the files.
/// </summary>
/// <param name="folder">The folder; created when it is not there.</param>
internal sealed class FolderSecrets(string folder) : ISecrets
{
    /// <inheritdoc/>
    public async ValueTask<string?> FindAsync(string name, CancellationToken cancellation)
    {
        string path = PathOf(name);
        return File.Exists(path) ? await File.ReadAllTextAsync(path, cancellation) : null;
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(string name, string value, CancellationToken cancellation)
    {
        SecretRules.Check(name, value);
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(PathOf(name), options);
        await writer.WriteAsync(value.AsMemory(), cancellation);
    }

    private string PathOf(string name)
    {
        SecretRules.CheckName(name);
        return Path.Combine(folder, name);
    }
}
