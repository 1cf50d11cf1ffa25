namespace Lockstep.Jsonata.Tests.Oracle;

/// <summary>An expression and the JSON text of the document that it is evaluated on.</summary>
internal sealed record DifferentialCase(string Expression, string Document);
