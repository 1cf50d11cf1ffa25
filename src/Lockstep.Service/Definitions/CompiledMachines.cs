using System.Diagnostics;
using System.Text;
using Lockstep.Asl.Compiled;
using Lockstep.Service.Limits;
using Lockstep.Service.StateMachines;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Definitions;

/// <summary>
/// Compiled revisions, kept by revision and bounded by count and by bytes of definition; the least recently used goes first. A
/// revision never changes, so an entry is never stale.
/// </summary>
public sealed class CompiledMachines(DefinitionCompiler compiler, ServiceLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(TenantId Tenant, string RevisionId), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _bytes;

    /// <summary>Revisions kept now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>
    /// The compiled form of a stored revision. That a stored definition compiled once is an invariant: when it no longer does, that is
    /// a defect and throws.
    /// </summary>
    public CompiledMachine Get(StateMachineRecord machine)
    {
        var key = (machine.Tenant, machine.RevisionId);
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Machine;
            }
        }

        CompiledMachine compiled = compiler.Compile(machine.Definition, machine.Type).Machine
            ?? throw new UnreachableException($"Revision {machine.RevisionId} of \"{machine.Name}\" is stored but does not compile.");
        Add(key, compiled, Encoding.UTF8.GetByteCount(machine.Definition));
        return compiled;
    }

    private void Add((TenantId Tenant, string RevisionId) key, CompiledMachine compiled, int bytes)
    {
        lock (_gate)
        {
            if (_entries.ContainsKey(key))
            {
                return;
            }

            _entries.Add(key, _byUse.AddFirst(new Entry(key, compiled, bytes)));
            _bytes += bytes;
            while (_entries.Count > 1
                && (_entries.Count > limits.MaxCachedMachines || _bytes > limits.MaxCachedMachineBytes)
                && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _entries.Remove(oldest.Value.Key);
                _bytes -= oldest.Value.Bytes;
            }
        }
    }

    private sealed record Entry((TenantId Tenant, string RevisionId) Key, CompiledMachine Machine, int Bytes);
}
