using System.Collections.Immutable;

namespace Lockstep.Api.Routing;

/// <summary>Carries out one route.</summary>
public delegate ValueTask ApiHandler(ApiCall call);

/// <summary>
/// One operation of the API: where it is, who may call it, what it takes and gives, and the code that carries it out. Hosts map
/// requests by it, and the OpenAPI document is written from it, so neither can differ from the other.
/// </summary>
/// <param name="Method">The HTTP method; HEAD is answered wherever GET is.</param>
/// <param name="Pattern">The path, with one parameter in braces where a segment varies; a last one with a star takes the rest of the path.</param>
/// <param name="OperationId">Unique, stable name of the operation.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Handler">Carries it out.</param>
public sealed record ApiRoute(string Method, string Pattern, string OperationId, string Summary, ApiHandler Handler)
{
    /// <summary>What it asks of its caller.</summary>
    public RouteAccess Access { get; init; } = RouteAccess.ApiKey;

    /// <summary>How long it may take.</summary>
    public RoutePace Pace { get; init; } = RoutePace.Prompt;

    /// <summary>The group that documents show it in.</summary>
    public string Tag { get; init; } = "Service";

    /// <summary>The parameters in query and header. Those of the path are in the pattern.</summary>
    public ImmutableArray<RouteParameter> Parameters { get; init; } = [];

    /// <summary>Name of the schema of the JSON body; null when there is none.</summary>
    public string? RequestSchema { get; init; }

    /// <summary>Media type of the body.</summary>
    public string RequestMediaType { get; init; } = "application/json";

    /// <summary>Whether the body may be left out.</summary>
    public bool RequestOptional { get; init; }

    /// <summary>The answers of success, the usual one first.</summary>
    public required ImmutableArray<RouteAnswer> Answers { get; init; }

    /// <summary>Codes of the failures that are particular to it; those that any route may have are not repeated.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];
}

/// <summary>A parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it is: <c>query</c> or <c>header</c>.</param>
/// <param name="Type">Its JSON type.</param>
/// <param name="Description">What it means.</param>
public sealed record RouteParameter(string Name, string In, string Type, string Description)
{
    /// <summary>Whether it has to be there.</summary>
    public bool Required { get; init; }

    /// <summary>The values it may have; empty when any of its type will do.</summary>
    public ImmutableArray<string> Values { get; init; } = [];
}

/// <summary>An answer of success.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">When it is given.</param>
/// <param name="Schema">Name of the schema of its body; null when there is none.</param>
/// <param name="MediaType">Media type of its body.</param>
public sealed record RouteAnswer(int Status, string Description, string? Schema = null, string MediaType = "application/json");
