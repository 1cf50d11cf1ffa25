namespace Lockstep.Api.Problems;

/// <summary>What callers are told about a code: the HTTP status it has, what it means and how to mend it.</summary>
/// <param name="Code">One of <see cref="Lockstep.Service.Errors.ErrorCodes"/>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What it means, in a few words.</param>
/// <param name="Remedy">What the caller can do.</param>
public sealed record ErrorPage(string Code, int Status, string Title, string Remedy);
