using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lockstep.Asl.Diagnostics;
using Lockstep.Json;

namespace Lockstep.Asl.Parsing;

/// <summary>
/// Collects diagnostics while a definition is read, and knows where in it the reader is. The place is a stack of names and indices; it becomes a
/// JSON Pointer only when something is reported.
/// </summary>
internal sealed class DiagnosticBag(int maxDiagnostics)
{
    private readonly List<Diagnostic> _items = [];
    private object[] _place = new object[16];
    private int _depth;

    public bool HasErrors { get; private set; }

    public bool IsTruncated { get; private set; }

    public void Enter(string name) => Push(name);

    public void Enter(int index) => Push(index);

    public void Leave() => _depth--;

    /// <summary>The JSON Pointer of the current place, or of a field of it.</summary>
    public string Pointer(string? field = null)
    {
        var pointer = new StringBuilder();
        foreach (object token in _place.AsSpan(0, _depth))
        {
            Append(pointer, token is string name ? name : ((int)token).ToString(CultureInfo.InvariantCulture));
        }

        if (field is not null)
        {
            Append(pointer, field);
        }

        return pointer.ToString();
    }

    public void Error(string code, string message, string? field = null) =>
        Add(new Diagnostic(code, DiagnosticSeverity.Error, message, Pointer(field)));

    /// <summary>Reports a field that Step Functions places at the object which holds it.</summary>
    public void ErrorInField(string code, string message, string field)
    {
        string holder = Pointer();
        Add(new Diagnostic(code, DiagnosticSeverity.Error, message, Pointer(field)) { ServiceLocation = ServiceMessages.PlaceOf(holder) });
    }

    public void Warning(string code, string message, string? field = null) =>
        Add(new Diagnostic(code, DiagnosticSeverity.Warning, message, Pointer(field)));

    public void Add(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == DiagnosticSeverity.Error;
        if (_items.Count < maxDiagnostics)
        {
            _items.Add(diagnostic);
        }
        else
        {
            IsTruncated = true;
            int warning = diagnostic.Severity == DiagnosticSeverity.Error
                ? _items.FindLastIndex(kept => kept.Severity == DiagnosticSeverity.Warning)
                : -1;
            if (warning >= 0)
            {
                // Whoever asks for errors alone is to see as many of them as there is room for.
                _items.RemoveAt(warning);
                _items.Add(diagnostic);
            }
        }
    }

    /// <summary>The diagnostics in the order of the text, with lines and columns looked up in it.</summary>
    public ImmutableArray<Diagnostic> Located(ReadOnlySpan<byte> text)
    {
        if (_items.Count == 0)
        {
            return [];
        }

        var located = new List<Diagnostic>(_items.Count + 1);
        foreach (Diagnostic item in _items)
        {
            bool found = item.StringOffset is int offset
                ? JsonLocator.TryLocateInString(text, item.Pointer, offset, out JsonPosition position)
                : JsonLocator.TryLocate(text, item.Pointer, out position, key: IsAboutName(item.Code));
            located.Add(found
                ? item with { Line = position.Line, Column = position.Column }
                : item);
        }

        if (IsTruncated)
        {
            located.Add(new Diagnostic(
                DiagnosticCodes.TooManyDiagnostics, DiagnosticSeverity.Warning, $"Only the first {maxDiagnostics} problems are shown", ""));
        }

        // OrderBy is stable, List.Sort is not: what was found first at a place comes first.
        return [.. located.OrderBy(item => item.Line == 0 ? int.MaxValue : item.Line).ThenBy(item => item.Column)];
    }

    /// <summary>Whether a diagnostic is about the name of a field, not about its value.</summary>
    private static bool IsAboutName(string code) => code is DiagnosticCodes.UnknownField or DiagnosticCodes.FieldNotInQueryLanguage
        or DiagnosticCodes.ConflictingFields or DiagnosticCodes.DuplicateStateName or DiagnosticCodes.InvalidStateName
        or DiagnosticCodes.UnreachableState or DiagnosticCodes.InvalidVariableName or DiagnosticCodes.VariableShadowed
        or DiagnosticCodes.MissingEndState or DiagnosticCodes.MissingTimeout or DiagnosticCodes.UnusedVariable or DiagnosticCodes.ChoiceWithoutDefault
        or DiagnosticCodes.ResultDiscarded;

    private static void Append(StringBuilder pointer, string token) =>
        pointer.Append('/').Append(token.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    private void Push(object token)
    {
        if (_depth == _place.Length)
        {
            Array.Resize(ref _place, _depth * 2);
        }

        _place[_depth++] = token;
    }
}
