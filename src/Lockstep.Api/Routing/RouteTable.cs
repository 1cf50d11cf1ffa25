using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lockstep.Api.Routing;

/// <summary>A route that a request has met, and the values of the parameters in its path, in order.</summary>
public readonly record struct RouteMatch(ApiRoute Route, ImmutableArray<string> Values);

/// <summary>
/// Every operation, found by method and path. One literal beats one parameter, so a path meets at most one route; a table in which
/// two routes could meet the same request cannot be built. A last parameter that ends in a star takes the rest of the path, slashes and empty
/// segments included, unless it is empty.
/// </summary>
public sealed class RouteTable
{
    private const char Separator = '/';
    private readonly Node _root = new();

    /// <summary>Builds the table.</summary>
    public RouteTable(ImmutableArray<ApiRoute> routes)
    {
        Routes = routes;
        foreach (ApiRoute route in routes)
        {
            Node node = _root;
            foreach (string segment in route.Pattern.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
            {
                node = node.Add(segment);
            }

            if (!node.Routes.TryAdd(route.Method, route))
            {
                throw new ArgumentException($"{route.Method} {route.Pattern} is there twice.", nameof(routes));
            }
        }
    }

    /// <summary>The routes in the order of the documentation.</summary>
    public ImmutableArray<ApiRoute> Routes { get; }

    /// <summary>Finds the route of a request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The decoded path.</param>
    /// <param name="match">The route.</param>
    /// <param name="allowed">When only the method is wrong: those that the path has. Else empty.</param>
    public bool TryMatch(string method, string path, out RouteMatch match, out ImmutableArray<string> allowed)
    {
        match = default;
        allowed = [];
        if (!TryFindNode(path, out Node? node, out ImmutableArray<string> values))
        {
            return false;
        }

        if (node.Routes.TryGetValue(method == "HEAD" ? "GET" : method, out ApiRoute? route))
        {
            match = new RouteMatch(route, values);
            return true;
        }

        allowed = [.. node.Routes.Keys.Order(StringComparer.Ordinal)];
        return false;
    }

    private bool TryFindNode(string path, [NotNullWhen(true)] out Node? node, out ImmutableArray<string> values)
    {
        node = _root;
        values = [];
        ReadOnlySpan<char> rest = path.AsSpan().TrimStart(Separator);
        while (rest.Length > 0)
        {
            if (node.Rest is { } everything)
            {
                node = everything;
                values = values.Add(rest.ToString());
                return true;
            }

            int end = rest.IndexOf(Separator);
            ReadOnlySpan<char> segment = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (node.Literals.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(segment, out Node? literal))
            {
                node = literal;
            }
            else if (node.Parameter is { } parameter && segment.Length > 0)
            {
                node = parameter;
                values = values.Add(segment.ToString());
            }
            else
            {
                return false;
            }
        }

        return node.Routes.Count > 0;
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, ApiRoute> Routes { get; } = new(StringComparer.Ordinal);

        public Node? Parameter { get; private set; }

        public Node? Rest { get; private set; }

        public Node Add(string segment)
        {
            if (segment.EndsWith("*}", StringComparison.Ordinal))
            {
                return Literals.Count == 0 && Parameter is null
                    ? Rest ??= new Node()
                    : throw new ArgumentException($"{segment} stands beside other segments, and could meet their paths.", nameof(segment));
            }

            if (Rest is not null)
            {
                throw new ArgumentException($"{segment} stands beside a parameter that takes the rest of the path.", nameof(segment));
            }

            if (segment.StartsWith('{'))
            {
                return Parameter ??= new Node();
            }

            if (!Literals.TryGetValue(segment, out Node? node))
            {
                node = new Node();
                Literals.Add(segment, node);
            }

            return node;
        }
    }
}
