namespace Lockstep.Functions.Tests.Emulators;

/// <summary>The emulators that somebody else has started, by the variables that hold their connection strings. infra/local/compose.yaml has them.</summary>
internal static class Emulator
{
    /// <summary>Holds the connection string of the scheduler's emulator, with its task hub.</summary>
    public const string Scheduler = "LOCKSTEP_EMULATOR_SCHEDULER";

    /// <summary>Holds the connection string of the emulator of Service Bus.</summary>
    public const string ServiceBus = "LOCKSTEP_EMULATOR_SERVICE_BUS";

    /// <summary>The connection string of an emulator. Skips the test where nobody has named one.</summary>
    public static string Connection(string variable)
    {
        string? connection = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(
            string.IsNullOrEmpty(connection), $"{variable} is not set: docker compose -f infra/local/compose.yaml up --detach --wait; see docs/azure.md.");
        return connection ?? throw new InvalidOperationException("SkipWhen returned.");
    }
}
