using System.Globalization;
using Lockstep.Fuzz.Running;
using Lockstep.Fuzz.Targets;

namespace Lockstep.Fuzz;

/// <summary>
/// <c>TARGET|all [--inputs N] [--seed S] [--keep FOLDER]</c>: gives a parser N inputs. Exit code 0 when all were answered, 1 when one was not, 2 for a
/// mistake in the command line, 3 when an input took too long and 4 when memory grew beyond its bound; the input is then on disk.
/// </summary>
internal static class Program
{
    private const int Usage = 2;

    public static int Main(string[] arguments)
    {
        if (arguments.Length == 0 || !TryRead(arguments[1..], out FuzzOptions? options, out string? problem))
        {
            problem = arguments.Length == 0 ? "Name a target." : "Usage: TARGET|all [--inputs N] [--seed S] [--keep FOLDER]";
            Console.Error.WriteLine($"{problem} There are: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}, all.");
            return Usage;
        }

        IFuzzTarget[] targets = [.. FuzzTargets.All.Where(target => arguments[0] == "all" || target.Name == arguments[0])];
        if (targets.Length == 0)
        {
            Console.Error.WriteLine($"There is no target {arguments[0]}. There are: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}, all.");
            return Usage;
        }

        int worst = 0;
        foreach (IFuzzTarget target in targets)
        {
            FuzzReport report = FuzzRun.OnItsOwnStack(target, options, Console.Out);
            Console.WriteLine(report);
            worst = Math.Max(worst, report.Failures.Count > 0 ? 1 : 0);
        }

        return worst;
    }

    private static bool TryRead(string[] arguments, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FuzzOptions? options, out string? problem)
    {
        options = new FuzzOptions();
        problem = null;
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--inputs" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int inputs):
                    options = options with { Inputs = inputs };
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed):
                    options = options with { Seed = seed };
                    break;
                case "--keep" when value is not null:
                    options = options with { KeepIn = value };
                    break;
                default:
                    problem = $"What does {arguments[i]} {value} mean?";
                    options = null;
                    return false;
            }
        }

        return true;
    }
}
