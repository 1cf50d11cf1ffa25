using Lockstep.Jsonata.Evaluation;

namespace Lockstep.Jsonata.Compiling;

/// <summary>A part of an expression with names of its own.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _bindings = new(StringComparer.Ordinal);

    private Scope(Scope? outside, FrameLayout? layout, bool ownsFrame)
    {
        Outside = outside;
        Layout = layout;
        OwnsFrame = ownsFrame;
    }

    public Scope? Outside { get; }

    /// <summary>The frame its variables lie in; null for the scope of a path, whose variables lie in tuples.</summary>
    public FrameLayout? Layout { get; }

    /// <summary>Whether entering the scope makes a frame.</summary>
    public bool OwnsFrame { get; }

    public static Scope OfFrame(Scope? outside, IEnumerable<string> names)
    {
        var scope = new Scope(outside, new FrameLayout(), ownsFrame: true);
        scope.Declare(names);
        return scope;
    }

    /// <summary>The scope of a function: each parameter has a slot, also one that repeats a name, which then means the last of them.</summary>
    public static Scope OfFunction(Scope? outside, IReadOnlyList<string> parameters, IEnumerable<string> assigned)
    {
        var layout = new FrameLayout();
        var scope = new Scope(outside, layout, ownsFrame: true);
        foreach (string parameter in parameters)
        {
            scope._slots[parameter] = layout.Take();
        }

        scope.Declare(assigned);
        return scope;
    }

    /// <summary>A scope whose variables lie in the frame around it.</summary>
    public static Scope Within(Scope outside, FrameLayout layout, IEnumerable<string> names)
    {
        var scope = new Scope(outside, layout, ownsFrame: false);
        scope.Declare(names);
        return scope;
    }

    public static Scope OfPath(Scope outside) => new(outside, null, ownsFrame: true);

    public bool TryFindSlot(string name, out int slot) => _slots.TryGetValue(name, out slot);

    public bool TryFindBinding(string name, out int binding) => _bindings.TryGetValue(name, out binding);

    public void Bind(string name, int binding) => _bindings[name] = binding;

    private void Declare(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (!_slots.ContainsKey(name) && Layout is not null)
            {
                _slots.Add(name, Layout.Take());
            }
        }
    }
}
