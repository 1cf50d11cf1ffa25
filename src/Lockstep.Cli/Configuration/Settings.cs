using Microsoft.Extensions.Configuration;

namespace Lockstep.Cli.Configuration;

/// <summary>
/// What the operator has set: environment variables such as <c>LOCKSTEP__LIMITS__MAXPAYLOADBYTES</c>, and over them <c>--set KEY=VALUE</c>.
/// Keys compare without case. A key under <c>Lockstep:</c> that nothing has asked for is a mistake, never ignored.
/// </summary>
internal sealed class Settings
{
    private const string Section = "Lockstep";

    private readonly IConfigurationRoot _configuration;
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    private Settings(IConfigurationRoot configuration) => _configuration = configuration;

    /// <summary>Reads the environment and the assignments of the command line.</summary>
    /// <param name="assignments"><c>KEY=VALUE</c>; one without <c>=</c> is refused.</param>
    public static Settings Read(IEnumerable<string> assignments)
    {
        var commandLine = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new CommandFailure(ExitCode.InvalidConfiguration, $"--set {assignment}: expected KEY=VALUE");
            }

            commandLine[assignment[..equals]] = assignment[(equals + 1)..];
        }

        return new Settings(new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(commandLine).Build());
    }

    /// <summary>The value of a key, or null.</summary>
    public string? Find(string key)
    {
        _asked.Add(key);
        return _configuration[key];
    }

    /// <summary>Refuses keys that nobody has asked for. To be called when everything has been read.</summary>
    public void RefuseUnknown()
    {
        string[] unknown = [.. _configuration.GetSection(Section).AsEnumerable()
            .Where(pair => pair.Value is not null && !_asked.Contains(pair.Key))
            .Select(pair => pair.Key)
            .Order(StringComparer.OrdinalIgnoreCase)];
        if (unknown.Length > 0)
        {
            throw new CommandFailure(
                ExitCode.InvalidConfiguration,
                $"there is no setting {string.Join(", ", unknown)}. docs/limits.md, docs/targets.md, docs/operations.md and docs/aws-compatibility.md list all.");
        }
    }
}
