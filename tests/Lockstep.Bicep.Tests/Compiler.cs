using System.Diagnostics;
using System.Reflection;

namespace Lockstep.Bicep.Tests;

/// <summary>The Bicep compiler, as the package of this platform brings it.</summary>
internal static class Compiler
{
    /// <summary>Runs the compiler on a folder's files and answers with its exit code, what it wrote and what it complained about.</summary>
    public static async Task<(int ExitCode, string Output, string Complaints)> RunAsync(string folder, params string[] arguments)
    {
        string? path = typeof(Compiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(entry => entry.Key == "BicepCompiler")?.Value;
        Assert.SkipWhen(path is null || OperatingSystem.IsWindows(), "No compiler is packed for this platform.");
        if (path is null || OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The compiler did not start.");
        Task<string> complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await complaints);
    }
}
