using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.StateMachines;

namespace Lockstep.Api.Operations;

/// <summary>A request's body that carries a definition.</summary>
/// <param name="Members">The other members, still to be read.</param>
/// <param name="Definition">The definition's text; null when the body has none.</param>
/// <param name="Type">The type; Standard when the body has none.</param>
public sealed record DefinitionBody(Members Members, string? Definition, WorkflowType Type)
{
    /// <summary>Reads the body; what is wrong with single members is found in <see cref="Members"/>.</summary>
    public static async ValueTask<Result<DefinitionBody>> ReadAsync(ApiCall call, params string[] known)
    {
        if (RequestBody.CheckHeaders(call.Request, call.Service.Limits) is { } refused)
        {
            return refused;
        }

        Result<byte[]> bytes = await RequestBody.ReadBytesAsync(call.Request, call.Service.Limits.MaxRequestBodyBytes, call.Cancellation);
        if (!bytes.Succeeded)
        {
            return bytes.Error;
        }

        Result<JsonObject> body = RequestBody.Parse(bytes.Value, call.Service.Limits, optional: false);
        if (!body.Succeeded)
        {
            return body.Error;
        }

        var members = new Members(body.Value, known);
        JsonValue? value = body.Value["definition"];
        string? definition = DefinitionText.Read(bytes.Value, value);
        if (definition is null && value is not (null or JsonNull))
        {
            members.Refuse("definition", "\"definition\" has to be a string or an object.");
        }

        string? word = known.Contains("type") ? members.OptionalText("type") : null;
        WorkflowType? type = word is null ? WorkflowType.Standard : WireText.TypeOf(word);
        if (type is null)
        {
            members.Refuse("type", "\"type\" has to be STANDARD or EXPRESS.");
        }

        return new DefinitionBody(members, definition, type ?? WorkflowType.Standard);
    }
}
