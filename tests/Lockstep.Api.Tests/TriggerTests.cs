using Lockstep.Api.Operations;
using Lockstep.TestKit;

namespace Lockstep.Api.Tests;

/// <summary>The Functions app has a trigger for each group of routes. It is built where its packages can be had; this is looked at everywhere.</summary>
public sealed class TriggerTests
{
    [Fact]
    public void Every_group_of_routes_has_a_trigger()
    {
        string triggers = File.ReadAllText(Repository.PathOf("src/Lockstep.Functions/Http/ApiFunctions.cs"));
        string[] groups =
        [
            .. ApiRoutes.Table.Routes.Select(route => route.Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
                .Where(segments => segments is ["v1", ..]).Select(segments => segments[1]).Distinct(),
        ];

        Assert.NotEmpty(groups);
        Assert.Contains("Route = \"{root:maxlength(0)?}\"", triggers, StringComparison.Ordinal);
        Assert.All(groups, group => Assert.Contains($"Route = \"v1/{group}/{{*rest}}\"", triggers, StringComparison.Ordinal));
    }
}
