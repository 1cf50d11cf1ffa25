using System.Collections.Immutable;
using Lockstep.Api.Bodies;
using Lockstep.Api.Documents;
using Lockstep.Api.Problems;
using Lockstep.Api.Routing;
using Lockstep.Engine;
using Lockstep.Json;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Lockstep.Api.Operations;

/// <summary>
/// A decision by a human. The link opens a page that asks and changes nothing, because mail scanners and previews open links too;
/// only the page's form decides, with the token in its body. The task succeeds with <c>{"decision", "comment"?, "decidedAt"}</c>,
/// also when the decision is no: what follows from it is the workflow's business.
/// </summary>
public static class ApprovalOperations
{
    private const string Path = "/v1/callbacks/approve";
    private const string Tag = "Approvals";
    private const string FormMediaType = "application/x-www-form-urlencoded";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("GET", Path, "AskForApproval", "The page that asks for a decision. Opening it decides nothing.", AskAsync)
        {
            Tag = Tag,
            Access = RouteAccess.TaskToken,
            Parameters = [new("token", "query", "string", "The task token.") { Required = true }],
            Answers = [new(200, "The page.", "HtmlPage", ApprovalPage.MediaType)],
            Errors = [ErrorCodes.InvalidToken, ErrorCodes.TaskTimedOut, ErrorCodes.TaskDoesNotExist],
        },
        new("POST", Path, "Decide", "Records the decision that the page's form sends.", DecideAsync)
        {
            Tag = Tag,
            Access = RouteAccess.TaskToken,
            RequestSchema = "ApprovalForm",
            RequestMediaType = FormMediaType,
            Answers = [new(200, "Recorded.", "HtmlPage", ApprovalPage.MediaType)],
            Errors = [ErrorCodes.InvalidToken, ErrorCodes.TaskTimedOut, ErrorCodes.TaskDoesNotExist],
        },
    ];

    private static async ValueTask AskAsync(ApiCall call)
    {
        string token = call.Query("token") ?? "";
        Result<TaskTokenClaims> claims = call.Service.Callbacks.Read(token);
        if (!claims.Succeeded)
        {
            await RefuseAsync(call, claims.Error);
            return;
        }

        if (!await call.TryAdmitAsync(claims.Value.Execution.Tenant))
        {
            return;
        }

        Result<ExecutionRecord> execution = await call.Service.Executions.DescribeAsync(claims.Value.Execution, call.Cancellation);
        await (execution switch
        {
            { Succeeded: false } => RefuseAsync(call, new ServiceError(ErrorCodes.TaskDoesNotExist, "The execution that asks is gone.")),
            { Value.Status: not ExecutionStatus.Running } => RefuseAsync(
                call, new ServiceError(ErrorCodes.TaskTimedOut, "The execution that asks has ended; there is nothing to decide any more.")),
            _ => ApprovalPage.AskAsync(call, token, execution.Value),
        });
    }

    private static async ValueTask DecideAsync(ApiCall call)
    {
        Result<Form> read = await ReadFormAsync(call);
        if (!read.Succeeded)
        {
            await RefuseAsync(call, read.Error);
            return;
        }

        Form form = read.Value;
        Result<TaskTokenClaims> claims = call.Service.Callbacks.Read(form.Token);
        if (!claims.Succeeded)
        {
            await RefuseAsync(call, claims.Error);
            return;
        }

        if (!await call.TryAdmitAsync(claims.Value.Execution.Tenant))
        {
            return;
        }

        Result<Accepted> accepted = await call.Service.Callbacks.SucceedAsync(form.Token, OutputOf(call, form), call.Cancellation);
        await (accepted.Succeeded ? ApprovalPage.ThankAsync(call, form.Decision) : RefuseAsync(call, accepted.Error));
    }

    private static JsonObject OutputOf(ApiCall call, Form form)
    {
        JsonObject output = JsonObject.Of("decision", JsonString.Of(form.Decision));
        if (form.Comment.Length > 0)
        {
            output = output.With("comment", JsonString.Of(form.Comment));
        }

        return output.With("decidedAt", JsonString.Of(WireText.TimeOf(call.Service.Time.GetUtcNow())));
    }

    private static async ValueTask<Result<Form>> ReadFormAsync(ApiCall call)
    {
        if (call.Request.ContentType?.StartsWith(FormMediaType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return new ServiceError(ErrorCodes.UnsupportedMediaType, $"The decision comes as the page's form sends it: {FormMediaType}.")
            {
                Target = "Content-Type",
            };
        }

        Result<byte[]> bytes = await RequestBody.ReadBytesAsync(call.Request, call.Service.Limits.MaxFormBytes, call.Cancellation);
        if (!bytes.Succeeded)
        {
            return bytes.Error;
        }

        Dictionary<string, StringValues> fields = QueryHelpers.ParseQuery(System.Text.Encoding.UTF8.GetString(bytes.Value));
        string decision = fields.GetValueOrDefault("decision").ToString();
        string comment = fields.GetValueOrDefault("comment").ToString();
        if (decision is not ("approved" or "rejected"))
        {
            return new ServiceError(ErrorCodes.Validation, "The decision has to be approved or rejected.") { Target = "decision" };
        }

        return comment.Length > call.Service.Limits.MaxCommentLength
            ? new ServiceError(ErrorCodes.Validation, $"The comment has more than {call.Service.Limits.MaxCommentLength} characters.") { Target = "comment" }
            : new Form(fields.GetValueOrDefault("token").ToString(), decision, comment);
    }

    // Whoever follows a link is a human with a browser: the failure is a page, with the same status and code as everywhere.
    private static ValueTask RefuseAsync(ApiCall call, ServiceError error)
    {
        ErrorPage page = ErrorCatalog.Find(error.Code);
        return ApprovalPage.SayAsync(call, page.Status, page.Title, error.Message);
    }

    private sealed record Form(string Token, string Decision, string Comment);
}
