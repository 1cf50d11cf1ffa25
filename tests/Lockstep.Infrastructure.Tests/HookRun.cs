using System.Diagnostics;
using Lockstep.TestKit;

namespace Lockstep.Infrastructure.Tests;

/// <summary>What a run of a hook left behind.</summary>
/// <param name="ExitCode">0 when it did its work.</param>
/// <param name="Output">What it printed, errors too.</param>
/// <param name="Remembered">The arguments of every <c>azd env set</c>.</param>
internal sealed record HookRun(int ExitCode, string Output, IReadOnlyList<string> Remembered)
{
    /// <summary>The token that the azd of these runs hands out.</summary>
    public const string Token = "token-of-the-deployer";

    /// <summary>Runs a hook as azd would, with an azd of our own first in the path, and no pause between attempts.</summary>
    public static async Task<HookRun> OfAsync(string hook, FakeCloud cloud, params (string Name, string Value)[] environment)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("The hooks for Windows are the .ps1 files.");
        }

        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.PathOf("azd"), $$"""
            #!/bin/sh
            case "$1 $2" in
              "auth token") [ "$*" = "auth token --scope https://vault.azure.net/.default --output json" ] && printf '{\n  "token": "{{Token}}",\n  "expiresOn": "2030-01-01T00:00:00Z"\n}\n' ;;
              "env set") shift 2; echo "$*" >> "{{folder.PathOf("remembered")}}" ;;
              *) echo "azd does not know: $*" >&2; exit 1 ;;
            esac

            """);
        File.SetUnixFileMode(folder.PathOf("azd"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var start = new ProcessStartInfo("sh", [Repository.PathOf($"infra/hooks/{hook}.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["PATH"] = $"{folder.Path}{Path.PathSeparator}{start.Environment["PATH"]}";
        start.Environment["AZURE_KEY_VAULT_ENDPOINT"] = cloud.Url + "/vault/";
        start.Environment["LOCKSTEP_OPERATOR_KEY_SECRET"] = "operator-key";
        start.Environment["LOCKSTEP_URL"] = cloud.Url;
        start.Environment["LOCKSTEP_HOOK_PAUSE_SECONDS"] = "0";
        start.Environment["LOCKSTEP_HOOK_ATTEMPTS"] = "3";
        start.Environment.Remove("LOCKSTEP_FIRST_TENANT");
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("sh did not start.");
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        output += await errors;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string remembered = folder.PathOf("remembered");
        return new HookRun(process.ExitCode, output, File.Exists(remembered) ? await File.ReadAllLinesAsync(remembered) : []);
    }
}
