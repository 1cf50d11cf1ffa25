using System.Collections.Immutable;
using Lockstep.Cli.Composition;
using Lockstep.Cli.Configuration;
using Lockstep.Embedded.Hosting;
using Lockstep.Service;
using Lockstep.Service.Errors;
using Lockstep.Service.Functions;
using Lockstep.Targets.Mocks;

namespace Lockstep.Cli.Run;

/// <summary>
/// The same service as <c>serve</c> has, on a data folder of its own that is gone afterwards, so that a definition behaves here as it will there.
/// </summary>
internal sealed class EphemeralPlatform : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Platform _platform;

    private EphemeralPlatform(DirectoryInfo folder, Platform platform)
    {
        _folder = folder;
        _platform = platform;
    }

    /// <summary>The use cases.</summary>
    public LockstepService Service => _platform.Service;

    /// <summary>Opens it, with these functions registered and these states mocked.</summary>
    public static async Task<EphemeralPlatform> OpenAsync(Settings settings, ImmutableArray<KeyValuePair<string, string>> functions, MockedStates? mocks = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("lockstep-run-");
        Platform? platform = null;
        try
        {
            PlatformOptions options = PlatformOptions.Read(folder.FullName, development: true, settings) with { Mocks = mocks };
            settings.RefuseUnknown();
            platform = await Platform.OpenAsync(options, TimeProvider.System, new StandardErrorLog(), telemetry: null, CancellationToken.None);
            await platform.StartAsync(CancellationToken.None);
            await RegisterAsync(platform.Service, functions);
            return new EphemeralPlatform(folder, platform);
        }
        catch
        {
            if (platform is not null)
            {
                await platform.DisposeAsync();
            }

            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task RegisterAsync(LockstepService service, ImmutableArray<KeyValuePair<string, string>> functions)
    {
        foreach ((string name, string url) in functions)
        {
            Result<PutFunctionOutcome> put = await service.Functions.PutAsync(DevelopmentTenant.Id, name, url, CancellationToken.None);
            if (!put.Succeeded)
            {
                throw new CommandFailure(ExitCode.Usage, $"--function {name}={url}: {put.Error.Message}");
            }
        }
    }
}
