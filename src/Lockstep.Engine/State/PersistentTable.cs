using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Lockstep.Engine.State;

/// <summary>
/// An immutable map from non-negative ordinals to values, in ascending order of the ordinals. A change copies the path to the changed
/// entry and shares the rest, so a turn costs what it changes, whatever else the execution holds. Within a turn an
/// <see cref="Editor"/> copies each node once and then changes it in place.
/// </summary>
/// <remarks>A radix tree of 32-way nodes that store only the entries present (a bitmap says which).</remarks>
internal sealed class PersistentTable<T>
{
    private const int Bits = 5;
    private const int Mask = (1 << Bits) - 1;

    private readonly Node? _root;
    private readonly int _height;

    private PersistentTable(Node? root, int height, int count)
    {
        _root = root;
        _height = height;
        Count = count;
    }

    /// <summary>The table without entries.</summary>
    public static PersistentTable<T> Empty { get; } = new(null, 0, 0);

    /// <summary>How many entries there are.</summary>
    public int Count { get; }

    /// <summary>Finds the entry of an ordinal.</summary>
    public bool TryGet(long key, [MaybeNullWhen(false)] out T value) => Find(_root, _height, key, out value);

    /// <summary>The entry with the smallest ordinal; the table must not be empty.</summary>
    public KeyValuePair<long, T> First()
    {
        foreach (KeyValuePair<long, T> entry in Entries())
        {
            return entry;
        }

        throw new InvalidOperationException("The table is empty.");
    }

    /// <summary>All entries, the smallest ordinal first.</summary>
    public IEnumerable<KeyValuePair<long, T>> Entries() => Walk(_root, _height, 0);

    /// <summary>A mutable view that starts from this table and never changes it.</summary>
    public Editor Edit() => new(this);

    private static bool Find(Node? node, int height, long key, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (node is null || !Reaches(height, key))
        {
            return false;
        }

        for (int level = height; level > 0; level--)
        {
            int digit = Digit(key, level);
            if (!node.Has(digit))
            {
                return false;
            }

            node = node.Children[node.Position(digit)];
        }

        int last = Digit(key, 0);
        if (!node.Has(last))
        {
            return false;
        }

        value = node.Values[node.Position(last)];
        return true;
    }

    private static IEnumerable<KeyValuePair<long, T>> Walk(Node? node, int height, long prefix)
    {
        if (node is null)
        {
            yield break;
        }

        int position = 0;
        for (int digit = 0; digit <= Mask; digit++)
        {
            if (!node.Has(digit))
            {
                continue;
            }

            long key = (prefix << Bits) | (long)digit;
            if (height == 0)
            {
                yield return new KeyValuePair<long, T>(key, node.Values[position]);
            }
            else
            {
                foreach (KeyValuePair<long, T> entry in Walk(node.Children[position], height - 1, key))
                {
                    yield return entry;
                }
            }

            position++;
        }
    }

    private static int Digit(long key, int level) => (int)(key >> (level * Bits)) & Mask;

    private static bool Reaches(int height, long key) => height * Bits + Bits >= 63 || key >> ((height + 1) * Bits) == 0;

    /// <summary>A mutable view of a table, used by one turn and then dropped.</summary>
    internal sealed class Editor
    {
        private readonly object _token = new();
        private Node? _root;
        private int _height;
        private PersistentTable<T>? _unchanged;

        public Editor(PersistentTable<T> table)
        {
            _root = table._root;
            _height = table._height;
            Count = table.Count;
            _unchanged = table;
        }

        public int Count { get; private set; }

        public bool TryGet(long key, [MaybeNullWhen(false)] out T value) => Find(_root, _height, key, out value);

        /// <summary>Adds or replaces the entry of an ordinal.</summary>
        public void Set(long key, T value)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(key);
            _unchanged = null;
            _root ??= new Node(_token);
            while (!Reaches(_height, key))
            {
                _root = _root.Present == 0 ? _root : Node.Above(_token, _root);
                _height++; // An empty root fits any height.
            }

            _root = Own(_root);
            Node node = _root;
            for (int level = _height; level > 0; level--)
            {
                int digit = Digit(key, level);
                int position = node.Position(digit);
                if (node.Has(digit))
                {
                    Node child = Own(node.Children[position]);
                    node.Children[position] = child;
                    node = child;
                }
                else
                {
                    var child = new Node(_token);
                    node.InsertChild(digit, child);
                    node = child;
                }
            }

            int last = Digit(key, 0);
            if (node.Has(last))
            {
                node.Values[node.Position(last)] = value;
            }
            else
            {
                node.InsertValue(last, value);
                Count++;
            }
        }

        /// <summary>Removes the entry of an ordinal; nothing happens when there is none.</summary>
        public void Remove(long key)
        {
            if (_root is null || !TryGet(key, out _))
            {
                return;
            }

            _unchanged = null;
            Count--;
            _root = Without(_root, _height, key);
            if (_root is null)
            {
                _height = 0;
            }
        }

        /// <summary>The changed table; the editor must not be used afterwards.</summary>
        public PersistentTable<T> ToTable() =>
            _unchanged ?? (Count == 0 ? Empty : new PersistentTable<T>(_root, _height, Count));

        /// <summary>All entries as they are now, the smallest ordinal first; no change while enumerating.</summary>
        public IEnumerable<KeyValuePair<long, T>> Entries() => Walk(_root, _height, 0);

        private Node? Without(Node node, int level, long key)
        {
            int digit = Digit(key, level);
            node = Own(node);
            if (level == 0)
            {
                node.RemoveValue(digit);
            }
            else
            {
                int position = node.Position(digit);
                Node? child = Without(node.Children[position], level - 1, key);
                if (child is null)
                {
                    node.RemoveChild(digit);
                }
                else
                {
                    node.Children[position] = child;
                }
            }

            return node.Present == 0 ? null : node;
        }

        private Node Own(Node node) => ReferenceEquals(node.Owner, _token) ? node : node.CopyFor(_token);
    }

    /// <summary>A node: entries of the digits present, in order of the digits. Leaves use the values, others the children.</summary>
    private sealed class Node
    {
        private static readonly Node[] NoChildren = [];
        private static readonly T[] NoValues = [];

        public Node(object owner) => Owner = owner;

        /// <summary>Stands for the editor that may change the node in place; the nodes of past turns are frozen, since their editors are gone.</summary>
        public object Owner { get; }

        public uint Present { get; private set; }

        public Node[] Children { get; private set; } = NoChildren;

        public T[] Values { get; private set; } = NoValues;

        public static Node Above(object owner, Node child)
        {
            var node = new Node(owner);
            node.InsertChild(0, child);
            return node;
        }

        public bool Has(int digit) => (Present & (1u << digit)) != 0;

        public int Position(int digit) => BitOperations.PopCount(Present & ((1u << digit) - 1));

        public Node CopyFor(object owner)
        {
            int count = BitOperations.PopCount(Present);
            return new Node(owner)
            {
                Present = Present,
                Children = Children.Length == 0 ? Children : Children.AsSpan(0, count).ToArray(),
                Values = Values.Length == 0 ? Values : Values.AsSpan(0, count).ToArray(),
            };
        }

        public void InsertChild(int digit, Node child)
        {
            Children = Inserted(Children, digit, child);
            Present |= 1u << digit;
        }

        public void InsertValue(int digit, T value)
        {
            Values = Inserted(Values, digit, value);
            Present |= 1u << digit;
        }

        public void RemoveChild(int digit)
        {
            RemoveAt(Children, Position(digit));
            Present &= ~(1u << digit);
        }

        public void RemoveValue(int digit)
        {
            RemoveAt(Values, Position(digit));
            Present &= ~(1u << digit);
        }

        private TItem[] Inserted<TItem>(TItem[] items, int digit, TItem item)
        {
            int count = BitOperations.PopCount(Present);
            int position = Position(digit);
            if (count == items.Length)
            {
                Array.Resize(ref items, count == 0 ? 1 : Math.Min(count * 2, Mask + 1));
            }

            items.AsSpan(position, count - position).CopyTo(items.AsSpan(position + 1));
            items[position] = item;
            return items;
        }

        private void RemoveAt<TItem>(TItem[] items, int position)
        {
            int count = BitOperations.PopCount(Present);
            items.AsSpan(position + 1, count - position - 1).CopyTo(items.AsSpan(position));
            items[count - 1] = default!; // Beyond the bitmap's count: never read, cleared so that nothing is kept alive.
        }
    }
}
