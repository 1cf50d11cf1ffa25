namespace Lockstep.Asl.Diagnostics;

/// <summary>One thing that is wrong, or suspicious, in a definition.</summary>
/// <param name="Code">The stable, precise code: one of <see cref="DiagnosticCodes"/>, each explained in <c>docs/diagnostics.md</c>.</param>
/// <param name="Severity">Whether it forbids the definition.</param>
/// <param name="Message">What is wrong and, where it is not obvious, how to mend it. One sentence without a final full stop.</param>
/// <param name="Pointer">JSON Pointer (RFC 6901) of the place; empty for the whole document.</param>
/// <param name="Line">One-based line in the text; 0 when there is no text or no such place.</param>
/// <param name="Column">One-based column in the line, counted in characters; 0 when there is no text or no such place.</param>
public sealed record Diagnostic(string Code, DiagnosticSeverity Severity, string Message, string Pointer, int Line = 0, int Column = 0)
{
    /// <summary>More about the reason, such as the place inside an expression; null when the message says it all.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// Offset of the problem into the string at <see cref="Pointer"/>, in UTF-16 units; null when the whole value is meant. Line and column are
    /// those of the place inside the string.
    /// </summary>
    public int? StringOffset { get; init; }

    /// <summary>The code that Step Functions gives problems of this family, such as <c>SCHEMA_VALIDATION_FAILED</c>.</summary>
    public string ServiceCode { get; init; } = DiagnosticCodes.ServiceCodeOf(Code);

    /// <summary>
    /// The place as Step Functions names it, which is coarser for payload templates: the object that holds the field. Null where Step Functions
    /// names none.
    /// </summary>
    public string? ServiceLocation { get; init; } = ServiceMessages.PlaceOf(Pointer);

    /// <summary><c>code at pointer (line:column): message</c>, for logs and test output.</summary>
    public override string ToString() => $"{Severity} {Code} at '{Pointer}' ({Line}:{Column}): {Message}";
}
