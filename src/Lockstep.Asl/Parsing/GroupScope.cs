using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// What the reader knows of a group of states while it reads it: the names that exist, the transitions seen, the variables assigned. Groups
/// form a tree; an inner one sees the variables of those around it, unless it runs as an execution of its own.
/// </summary>
internal sealed class GroupScope(GroupScope? parent, JsonObject states)
{
    private readonly List<(int From, int To)> _transitions = [];
    private SortedSet<string>? _outside;
    private Dictionary<string, int>? _index;
    private HashSet<string>? _assigned;

    /// <summary>The group whose variables this one sees.</summary>
    public GroupScope? Parent => parent;

    /// <summary>Position of the state being read.</summary>
    public int CurrentState { get; set; }

    public bool Assigns(string variable) => _assigned?.Contains(variable) ?? false;

    public void AddAssigned(string variable) => (_assigned ??= new HashSet<string>(StringComparer.Ordinal)).Add(variable);

    /// <summary>Whether the states are taken from a group of which the others are not known; transitions may then lead to any name.</summary>
    public bool IsExcerpt { get; init; }

    /// <summary>The names of an excerpt's targets outside it, in ordinal order.</summary>
    public IEnumerable<string> TargetsOutside => _outside ?? [];

    /// <summary>Notes a transition from the state being read; false when there is no such state.</summary>
    public bool TryAddTransition(string target)
    {
        int to = IndexOf(target);
        if (to >= 0)
        {
            _transitions.Add((CurrentState, to));
        }
        else if (IsExcerpt)
        {
            (_outside ??= new SortedSet<string>(StringComparer.Ordinal)).Add(target);
        }

        return to >= 0 || IsExcerpt;
    }

    public int IndexOf(string name) => (_index ??= CreateIndex()).TryGetValue(name, out int index) ? index : -1;

    /// <summary>For each state whether transitions lead to it from the start.</summary>
    public bool[] FindReachable(int start)
    {
        int count = states.Count;
        var reachable = new bool[count];
        int[] firstOf = new int[count];
        Array.Fill(firstOf, -1);
        int[] nextOf = new int[_transitions.Count];
        for (int i = 0; i < _transitions.Count; i++)
        {
            nextOf[i] = firstOf[_transitions[i].From];
            firstOf[_transitions[i].From] = i;
        }

        var pending = new Stack<int>(count);
        pending.Push(start);
        reachable[start] = true;
        while (pending.TryPop(out int state))
        {
            for (int edge = firstOf[state]; edge >= 0; edge = nextOf[edge])
            {
                int target = _transitions[edge].To;
                if (!reachable[target])
                {
                    reachable[target] = true;
                    pending.Push(target);
                }
            }
        }

        return reachable;
    }

    private Dictionary<string, int> CreateIndex()
    {
        var index = new Dictionary<string, int>(states.Count, StringComparer.Ordinal);
        for (int i = 0; i < states.Count; i++)
        {
            index[states[i].Name] = i;
        }

        return index;
    }
}
