namespace Lockstep.Infrastructure.Tests;

/// <summary>Asserts that a rule found nothing to complain about, and otherwise shows all that it found.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void None(IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
