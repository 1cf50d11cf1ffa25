using System.Collections.Immutable;
using Lockstep.Api.Wire.Shapes;
using Lockstep.Json;
using Lockstep.Service.Activities;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Wire.Operations;

/// <summary>Tags of state machines and activities.</summary>
internal static class TagWire
{
    /// <summary>The operations.</summary>
    public static ImmutableArray<WireOperation> Operations { get; } =
    [
        new("TagResource", Resource(new ShapeMember("tags", RequestShapes.Tags, true)), TagAsync, new ThrottleRate(200, 1))
        {
            Errors = ["InvalidArn", "ResourceNotFound", "TooManyTags"],
        },
        new("UntagResource", Resource(new ShapeMember("tagKeys", RequestShapes.TagKeys, true)), UntagAsync, new ThrottleRate(200, 1))
        {
            Errors = ["InvalidArn", "ResourceNotFound"],
        },
        new("ListTagsForResource", Resource(), ListAsync, new ThrottleRate(100, 1)) { Errors = ["InvalidArn", "ResourceNotFound"] },
    ];

    private static StructureShape Resource(params ImmutableArray<ShapeMember> more) => new([new("resourceArn", RequestShapes.Arn, true), .. more]);

    private static async ValueTask<WireAnswer> TagAsync(WireCall call) =>
        WireTags.Read(call, out Dictionary<string, string> tags) is { } badTags ? badTags : await ChangeAsync(call, tags, []);

    private static ValueTask<WireAnswer> UntagAsync(WireCall call) =>
        ChangeAsync(call, new Dictionary<string, string>(), [.. call.Items("tagKeys").OfType<JsonString>().Select(key => key.Value)]);

    private static async ValueTask<WireAnswer> ListAsync(WireCall call)
    {
        (WireError? wrong, StateMachineRecord? machine, ActivityRecord? activity) = await FindAsync(call);
        if (wrong is not null)
        {
            return wrong;
        }

        IReadOnlyDictionary<string, string> tags = machine is not null ? await call.Service.Tags.OfAsync(machine, call.Cancellation)
            : activity is not null ? await call.Service.Tags.OfAsync(activity, call.Cancellation)
            : new Dictionary<string, string>();
        return WireAnswer.Of(writer => writer.WriteTags(tags));
    }

    private static async ValueTask<WireAnswer> ChangeAsync(WireCall call, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> remove)
    {
        (WireError? wrong, StateMachineRecord? machine, ActivityRecord? activity) = await FindAsync(call);
        string arn = call.Text("resourceArn");
        Result<Accepted> changed = machine is not null ? await call.Service.Tags.ChangeAsync(machine, set, remove, call.Cancellation)
            : activity is not null ? await call.Service.Tags.ChangeAsync(activity, set, remove, call.Cancellation)
            : new ServiceError(ErrorCodes.ResourceNotFound, "");
        return wrong is not null ? wrong : changed.Succeeded ? WireAnswer.Empty : WireErrors.Of(changed.Error, arn);
    }

    private static async ValueTask<(WireError? Error, StateMachineRecord? Machine, ActivityRecord? Activity)> FindAsync(WireCall call)
    {
        string arn = call.Text("resourceArn");
        if (WireArns.Split(call, arn, out string kind, out string name) is { } wrong)
        {
            return (wrong, null, null);
        }

        switch (kind)
        {
            case "stateMachine":
                Result<StateMachineRecord> machine = await call.Service.StateMachines.DescribeAsync(call.Tenant, name, call.Cancellation);
                return machine.Succeeded ? (null, machine.Value, null) : (Refuse(machine.Error, arn), null, null);
            case "activity":
                Result<ActivityRecord> activity = await call.Service.Activities.DescribeAsync(call.Tenant, name, call.Cancellation);
                return activity.Succeeded ? (null, null, activity.Value) : (Refuse(activity.Error, arn), null, null);
            default:
                return (WireArns.WrongKind(kind), null, null);
        }
    }

    private static WireError Refuse(ServiceError error, string arn) =>
        error.Code == ErrorCodes.InvalidName ? WireErrors.InvalidArn(error.Message) : WireErrors.ResourceNotFound(arn);
}
