using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.MapRuns;

/// <summary>
/// How map runs and their children are named. A map run is <c>machine/label:name</c>, and its children are <c>machine/label:name-index</c>, so a start
/// that is repeated meets the child of the first.
/// </summary>
public static class MapRunNames
{
    /// <summary>The key of a map run.</summary>
    /// <param name="execution">The execution whose Map state it serves; it may be the child of a map run itself.</param>
    /// <param name="label">The Map state's label.</param>
    /// <param name="name">The map run's name.</param>
    public static ExecutionKey OfRun(ExecutionKey execution, string label, string name) =>
        new(execution.Tenant, $"{MachineOf(execution.Id)}/{label}:{name}");

    /// <summary>The name of a child.</summary>
    public static string OfChild(ExecutionKey run, long index) =>
        string.Create(CultureInfo.InvariantCulture, $"{NameOf(run.Id)}-{index}");

    /// <summary>The index of a child.</summary>
    public static long IndexOf(ExecutionKey child)
    {
        string name = child.Id.Split(':')[1];
        return long.Parse(name.AsSpan(name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>The map run of a child.</summary>
    public static ExecutionKey RunOf(ExecutionKey child)
    {
        string[] parts = child.Id.Split(':');
        int index = parts[1].LastIndexOf('-');
        return new ExecutionKey(child.Tenant, $"{parts[0]}:{(index < 0 ? parts[1] : parts[1][..index])}");
    }

    /// <summary>The machine with the label of the map run, which stands where other executions have the machine alone.</summary>
    public static string LabelledMachineOf(ExecutionKey run) => run.Id[..run.Id.IndexOf(':', StringComparison.Ordinal)];

    /// <summary>The machine that the id of any execution names.</summary>
    public static string MachineOf(string id) => id[..id.AsSpan().IndexOfAny('/', ':')];

    /// <summary>The ARN of a map run.</summary>
    public static string ArnOf(string region, ExecutionKey run) => $"arn:aws:states:{region}:{run.Tenant.Value}:mapRun:{run.Id}";

    /// <summary>Reads a map run's id within its tenant, or its ARN.</summary>
    public static bool TryRead(TenantId tenant, string text, [NotNullWhen(true)] out ExecutionKey? run)
    {
        run = null;
        string id = text;
        if (text.StartsWith("arn:", StringComparison.Ordinal))
        {
            string[] parts = text.Split(':', 7);
            if (parts.Length != 7 || parts[2] != "states" || parts[5] != "mapRun" || parts[4] != tenant.Value)
            {
                return false;
            }

            id = parts[6];
        }

        if (id.Length > 512 || id.Count(c => c == ':') != 1 || id.Count(c => c == '/') != 1 || id.Any(char.IsControl))
        {
            return false;
        }

        run = new ExecutionKey(tenant, id);
        return true;
    }

    private static string NameOf(string id) => id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
