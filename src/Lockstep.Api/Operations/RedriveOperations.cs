using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Redrives;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>Redriving an execution that ended without success.</summary>
public static class RedriveOperations
{
    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/executions/{id}/redrive", "RedriveExecution",
            "Redrives an execution that failed, timed out or was aborted: it goes on at the states that did not succeed. Acknowledged when it is durable.", RedriveAsync)
        {
            Tag = "Executions",
            RequestSchema = "RedriveExecutionRequest",
            RequestOptional = true,
            Answers = [new(200, "Redriven, now or earlier with the same client token.", "RedrivenExecution")],
            Errors =
            [
                ErrorCodes.InvalidArn, ErrorCodes.ExecutionDoesNotExist, ErrorCodes.ExecutionNotRedrivable, ErrorCodes.ExecutionLimitExceeded,
                ErrorCodes.PayloadTooLarge, ErrorCodes.ResourceNotFound, ErrorCodes.RevisionDoesNotFit, ErrorCodes.StateMachineTypeNotSupported,
            ],
        },
    ];

    /// <summary>A status in the words of Step Functions.</summary>
    public static string TextOf(RedriveStatus status) => status switch
    {
        RedriveStatus.Redrivable => "REDRIVABLE",
        RedriveStatus.NotRedrivable => "NOT_REDRIVABLE",
        RedriveStatus.RedrivableByMapRun => "REDRIVABLE_BY_MAP_RUN",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>Writes what an execution shows of redrives, as members of an object.</summary>
    internal static void WriteMembers(Utf8JsonWriter writer, ExecutionRecord execution)
    {
        writer.WriteNumber("redriveCount"u8, execution.RedriveCount);
        if (execution.RedrivenAt is { } redrivenAt)
        {
            writer.WriteTime("redrivenAt"u8, redrivenAt);
        }

        if (execution.Redrive is { } verdict)
        {
            writer.WriteString("redriveStatus"u8, TextOf(verdict.Status));
            writer.WriteText("redriveStatusReason", verdict.Reason);
        }
    }

    private static async ValueTask RedriveAsync(ApiCall call)
    {
        Result<ExecutionKey> key = ExecutionIds.Read(call.Tenant, call.PathValue(0));
        Result<JsonObject> body = await call.ReadBodyAsync();
        if ((key.Error ?? body.Error) is { } refused)
        {
            await call.RefuseAsync(refused);
            return;
        }

        var members = new Members(body.Value ?? JsonObject.Empty, "clientToken", "input", "revisionId", "version");
        string? clientToken = members.OptionalText("clientToken");
        string? revisionId = members.OptionalText("revisionId");
        int? version = members.OptionalInteger("version");
        Result<RedriveOutcome> outcome = members.Error is { } wrong
            ? wrong
            : await call.Service.Redrives.RedriveAsync(key.Value, clientToken, members.Any("input"), revisionId, version, call.Cancellation);
        if (!outcome.Succeeded)
        {
            await call.RefuseAsync(outcome.Error);
            return;
        }

        await call.AnswerAsync(
            StatusCodes.Status200OK,
            static (writer, redriven) =>
            {
                writer.WriteStartObject();
                writer.WriteTime("redrivenAt"u8, redriven.RedrivenAt);
                writer.WritePropertyName("execution"u8);
                ExecutionOperations.Write(writer, redriven.Execution);
                writer.WriteEndObject();
            },
            outcome.Value);
    }
}
