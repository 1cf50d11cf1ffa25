using System.Globalization;

/// <summary>
/// Runs inside the measured process (DOTNET_STARTUP_HOOKS) before its own entry point: answers each line on standard input with what the
/// process has allocated and how much processor time it has used, so that the real command is measured without knowing it.
/// </summary>
internal static class StartupHook
{
    /// <summary>What each answer begins with.</summary>
    public const string Prefix = "counters ";

    /// <summary>Called by the runtime.</summary>
    public static void Initialize() => new Thread(Answer) { IsBackground = true, Name = "bench counters" }.Start();

    private static void Answer()
    {
        while (Console.In.ReadLine() is not null)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{GC.GetTotalAllocatedBytes()} {Environment.CpuUsage.TotalTime.Ticks} {GC.CollectionCount(0)} {GC.CollectionCount(2)} {GC.GetTotalPauseDuration().Ticks}"));
            Console.Out.Flush();
        }
    }
}
