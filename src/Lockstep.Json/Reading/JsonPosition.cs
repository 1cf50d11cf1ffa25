namespace Lockstep.Json;

/// <summary>A place in a text.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in Unicode characters, from 1.</param>
/// <param name="Offset">Bytes before the place, counted in UTF-8.</param>
public readonly record struct JsonPosition(int Line, int Column, int Offset);
