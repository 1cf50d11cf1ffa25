using System.CommandLine;
using Lockstep.Cli.Configuration;

namespace Lockstep.Cli.Serve;

/// <summary><c>lockstep serve</c>: one process, one data folder.</summary>
internal static class ServeCommand
{
    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The folder that holds everything durable; created when it does not exist.",
        Required = true,
        HelpName = "DIR",
    };

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where to listen; several are separated by semicolons. Port 0 takes a free one.",
        DefaultValueFactory = _ => "http://127.0.0.1:7071",
        HelpName = "URLS",
    };

    private static readonly Option<bool> Development = new("--development")
    {
        Description = "For one person on one machine: tenant 000000000001 with a key, sample functions, calls to loopback. Never for strangers.",
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "Sets a setting, over the environment, such as --set Lockstep:Limits:MaxPayloadBytes=1048576.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("serve", "Serves state machines over HTTP from one data folder until it is told to stop.") { Data, Urls, Development, Set };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Settings.Read(parsed.GetValue(Set) ?? []);
            ServeOptions options = ServeOptions.Read(
                parsed.GetRequiredValue(Data).FullName, parsed.GetRequiredValue(Urls), parsed.GetValue(Development), settings);
            var output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
            await using Server server = await Server.StartAsync(options, output.WriteLine, cancellation);
            foreach (string line in server.Announcement.Concat(server.Urls.Select(url => $"listening on {url.GetLeftPart(UriPartial.Authority)}")))
            {
                output.WriteLine(line);
            }

            output.Flush();
            await server.WaitUntilStoppedAsync();
            return (int)ExitCode.Success;
        });
        return command;
    }
}
