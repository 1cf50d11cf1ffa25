using System.Collections.Frozen;
using Lockstep.Jsonata.Functions;

namespace Lockstep.Jsonata;

/// <summary>The functions of one <see cref="JsonataFunctionSet"/>, by name.</summary>
internal sealed class Library
{
    private readonly FrozenDictionary<string, LibraryFunction> _functions;

    private Library(JsonataFunctionSet set, IEnumerable<LibraryFunction> functions)
    {
        Set = set;
        _functions = functions.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);
    }

    public static Library Standard { get; } = new(JsonataFunctionSet.Standard, [.. Common, .. ReflectionFunctions.All]);

    public static Library Asl { get; } = new(JsonataFunctionSet.Asl, [.. Common, .. AslFunctions.All]);

    public JsonataFunctionSet Set { get; }

    private static IEnumerable<LibraryFunction> Common =>
    [
        .. AggregationFunctions.All, .. ArrayFunctions.All, .. DateTimeFunctions.All, .. EncodingFunctions.All, .. HigherOrderFunctions.All,
        .. NumericFunctions.All, .. ObjectFunctions.All, .. StringFunctions.All, .. PatternFunctions.All, .. TypeFunctions.All,
    ];

    public static Library Of(JsonataFunctionSet set) => set == JsonataFunctionSet.Asl ? Asl : Standard;

    public bool Contains(string name) => _functions.ContainsKey(name);

    public LibraryFunction? Find(string name) => _functions.GetValueOrDefault(name);
}
