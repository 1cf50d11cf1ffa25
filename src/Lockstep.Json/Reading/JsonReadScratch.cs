using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Lockstep.Json;

/// <summary>
/// The working memory of one read, kept per thread between reads so that reading allocates little but its result. Slots hold the values of
/// all open arrays and objects; a slot's name is set before its value. Given back empty of values.
/// </summary>
internal sealed class JsonReadScratch
{
    /// <summary>Slots beyond this are not kept for the next read.</summary>
    private const int MostSlotsKept = 4096;

    /// <summary>Frames beyond this are not kept for the next read.</summary>
    private const int MostFramesKept = 1024;

    [ThreadStatic]
    private static JsonReadScratch? t_free;

    private JsonValue?[] _values = new JsonValue?[64];
    private string?[] _names = new string?[64];
    private int[] _nameOffsets = new int[64];
    private Frame[] _frames = new Frame[16];
    private int _count;
    private int _highest;

    public JsonTextCache Texts { get; } = new();

    public JsonShapeCache Shapes { get; } = new();

    public static JsonReadScratch Take()
    {
        JsonReadScratch scratch = t_free ?? new JsonReadScratch();
        t_free = null;
        return scratch;
    }

    public void GiveBack()
    {
        if (_values.Length > MostSlotsKept || _frames.Length > MostFramesKept)
        {
            return;
        }

        int used = Math.Min(_highest + 1, _values.Length);
        Array.Clear(_values, 0, used);
        Array.Clear(_names, 0, used);
        _count = 0;
        _highest = 0;
        t_free = this;
    }

    public void Open(int depth, bool isObject)
    {
        if (depth == _frames.Length)
        {
            Array.Resize(ref _frames, depth * 2);
        }

        // The slot at _count stays free for the container itself, which may have a name there.
        _count++;
        EnsureSlot();
        _frames[depth] = new Frame(_count, isObject);
    }

    public void SetName(string name, int offset)
    {
        EnsureSlot();
        _names[_count] = name;
        _nameOffsets[_count] = offset;
    }

    /// <summary>Forgets what an earlier value left in the current slot, so that a pointer never shows it.</summary>
    public void ClearName()
    {
        EnsureSlot();
        _names[_count] = null;
    }

    public void Push(JsonValue value)
    {
        EnsureSlot();

        // Storing into an array of an unsealed type checks the array's type each time; this array is never anything else.
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_values), _count++) = value;
    }

    public string NameAt(int slot) => _names[slot] ?? "";

    public int NameOffsetAt(int slot) => _nameOffsets[slot];

    public bool IsObject(int depth) => _frames[depth].IsObject;

    public void TakeEmpty(int depth) => _count = _frames[depth].Start - 1;

    public JsonArray TakeArray(int depth) => JsonArray.OfOwned(TakeValues(depth));

    /// <summary>The object of a frame's members; false with the slot of the second occurrence when a name occurs twice.</summary>
    public bool TryTakeObject(int depth, bool allowDuplicates, [NotNullWhen(true)] out JsonObject? json, out int duplicateAt)
    {
        int start = _frames[depth].Start;
        ReadOnlySpan<string?> names = _names.AsSpan(start, _count - start);
        JsonKeys? keys = Shapes.Find(names);
        duplicateAt = -1;
        if (keys is not null)
        {
            json = JsonObject.Create(keys, TakeValues(depth));
            return true;
        }

        if (allowDuplicates)
        {
            var builder = new JsonObjectBuilder(names.Length);
            for (int i = start; i < _count; i++)
            {
                builder.Set(NameAt(i), ValueAt(i));
            }

            json = builder.Build();
            _count = start - 1;
            return true;
        }

        duplicateAt = FirstDuplicate(start);
        _count = start - 1;
        json = null;
        return false;
    }

    /// <summary>The JSON pointer of the value being read, given the number of open frames.</summary>
    public string Pointer(int depth)
    {
        var pointer = new StringBuilder();
        for (int level = 0; level < depth; level++)
        {
            // A frame's current slot is the one before the next frame starts; the innermost frame's is the first free one.
            int slot = level + 1 < depth ? _frames[level + 1].Start - 1 : _count;
            if (!_frames[level].IsObject)
            {
                pointer.Append('/').Append(slot - _frames[level].Start);
            }
            else if (slot < _names.Length && _names[slot] is string name && slot >= _frames[level].Start)
            {
                pointer.Append(JsonPointerText.Token(name));
            }
        }

        return pointer.ToString();
    }

    private JsonValue ValueAt(int slot) => _values[slot] ?? throw new InvalidOperationException("A slot below the count has a value.");

    private JsonValue[] TakeValues(int depth)
    {
        int start = _frames[depth].Start;
        var values = new JsonValue[_count - start];
        Array.Copy(_values, start, values, 0, values.Length);
        _count = start - 1;
        return values;
    }

    private int FirstDuplicate(int start)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int slot = start;
        while (slot < _count - 1 && seen.Add(NameAt(slot)))
        {
            slot++;
        }

        return slot;
    }

    private void EnsureSlot()
    {
        if (_count > _highest)
        {
            _highest = _count;
        }

        if (_count == _values.Length)
        {
            Array.Resize(ref _values, _count * 2);
            Array.Resize(ref _names, _count * 2);
            Array.Resize(ref _nameOffsets, _count * 2);
        }
    }

    /// <summary>An open array or object, and the slot of its first child.</summary>
    internal readonly record struct Frame(int Start, bool IsObject);
}
