using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Lockstep.Api.Operations;
using Lockstep.Api.Routing;
using Lockstep.Azure.Orchestration;
using Lockstep.Functions.Http;
using Lockstep.Functions.Messages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace Lockstep.Functions.Tests;

/// <summary>What the platform finds in the assembly: names that running instances and alerts hold on to, routes, queues.</summary>
public sealed partial class FunctionTests
{
    private static IEnumerable<MethodInfo> Functions =>
        typeof(ApiFunctions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => NameOf(method) is not null);

    [Fact]
    public void Every_route_is_answered_by_exactly_one_function()
    {
        var templates = TriggersOf<HttpTriggerAttribute>()
            .Select(found => (found.Name, Template: TemplateParser.Parse(found.Trigger.Route ?? found.Name)))
            .ToArray();
        Assert.NotEmpty(templates);
        foreach (ApiRoute route in ApiRoutes.Table.Routes)
        {
            string path = Parameter().Replace(route.Pattern, "value");
            Assert.True(
                templates.Count(template => Answers(template.Template, path)) == 1,
                $"{route.Method} {route.Pattern} is answered by {string.Join(", ", templates.Where(template => Answers(template.Template, path)).Select(template => template.Name))}.");
        }
    }

    /// <summary>Whether a template takes a path, its constraints included: those that the triggers have are of a value's length.</summary>
    private static bool Answers(RouteTemplate template, string path)
    {
        var values = new RouteValueDictionary();
        return new TemplateMatcher(template, []).TryMatch(path, values) && template.Parameters.All(parameter => parameter.InlineConstraints.All(constraint =>
            MaxLength().Match(constraint.Constraint) is { Success: true } length
                ? (values[parameter.Name ?? ""] as string ?? "").Length <= int.Parse(length.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                : throw new NotSupportedException($"This test does not know the constraint {constraint.Constraint}.")));
    }

    [Fact]
    public void No_function_answers_paths_that_have_no_route()
    {
        foreach ((string name, HttpTriggerAttribute trigger) in TriggersOf<HttpTriggerAttribute>())
        {
            RouteTemplate template = TemplateParser.Parse(trigger.Route ?? name);
            Assert.Contains(ApiRoutes.Table.Routes, route => Answers(template, Parameter().Replace(route.Pattern, "value")));
        }
    }

    [Fact]
    public void The_platform_asks_for_no_key_and_leaves_methods_to_the_pipeline() => Assert.All(TriggersOf<HttpTriggerAttribute>(), found =>
    {
        Assert.Equal(AuthorizationLevel.Anonymous, found.Trigger.AuthLevel);
        Assert.Empty(found.Trigger.Methods ?? []);
    });

    [Fact]
    public void Every_activity_has_its_function() =>
        Assert.Equal(
            OrchestrationNames.Activities.Order(StringComparer.Ordinal),
            TriggersOf<ActivityTriggerAttribute>().Select(found => found.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_orchestrator_has_its_function() =>
        Assert.Equal(
            [OrchestrationNames.Execution, OrchestrationNames.TaskBatch],
            TriggersOf<OrchestrationTriggerAttribute>().Select(found => found.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Queues_and_subscriptions_have_sessions_where_the_deployment_has_them()
    {
        var triggers = TriggersOf<ServiceBusTriggerAttribute>().ToDictionary(found => found.Trigger.QueueName ?? found.Trigger.TopicName ?? "", found => found.Trigger);

        Assert.Equal(
            [MessageNames.Callbacks, MessageNames.ExecutionEvents, MessageNames.Tasks, MessageNames.TasksSetAside],
            triggers.Keys.Order(StringComparer.Ordinal));
        Assert.True(triggers[MessageNames.Callbacks].IsSessionsEnabled);
        Assert.True(triggers[MessageNames.ExecutionEvents].IsSessionsEnabled);
        Assert.Equal(MessageNames.EventLog, triggers[MessageNames.ExecutionEvents].SubscriptionName);
        Assert.False(triggers[MessageNames.Tasks].IsSessionsEnabled);
        Assert.False(triggers[MessageNames.Tasks].AutoCompleteMessages);
        Assert.False(triggers[MessageNames.TasksSetAside].AutoCompleteMessages);
        Assert.All(triggers.Values, trigger => Assert.Equal("LockstepServiceBus", trigger.Connection));
    }

    [Fact]
    public void No_two_functions_share_a_name() =>
        Assert.Equal(Functions.Count(), Functions.Select(NameOf).Distinct(StringComparer.OrdinalIgnoreCase).Count());

    private static IEnumerable<(string Name, T Trigger)> TriggersOf<T>()
        where T : Attribute =>
        from function in Functions
        from parameter in function.GetParameters()
        let trigger = parameter.GetCustomAttribute<T>()
        where trigger is not null
        select (NameOf(function) ?? "", trigger);

    private static string? NameOf(MethodInfo method) => method.GetCustomAttribute<FunctionAttribute>()?.Name;

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^maxlength\((\d+)\)$")]
    private static partial Regex MaxLength();
}
