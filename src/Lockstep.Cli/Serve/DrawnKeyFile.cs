namespace Lockstep.Cli.Serve;

/// <summary>
/// The API key that development mode has drawn, kept in the data folder for its owner only, so that it is drawn once and every later
/// start prints the same. Outside development mode no key is kept in a readable form.
/// </summary>
internal static class DrawnKeyFile
{
    private const string Name = "development-api-key";

    /// <summary>The key of the folder; <paramref name="draw"/> makes it when there is none yet.</summary>
    public static async Task<string> ReadOrDrawAsync(string dataFolder, Func<string> draw, CancellationToken cancellation)
    {
        string path = Path.Combine(dataFolder, Name);
        if (File.Exists(path) && (await File.ReadAllTextAsync(path, cancellation)).Trim() is { Length: > 0 } known)
        {
            return known;
        }

        string drawn = draw();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteLineAsync(drawn.AsMemory(), cancellation);
        return drawn;
    }
}
