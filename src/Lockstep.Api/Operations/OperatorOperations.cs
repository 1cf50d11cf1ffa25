using System.Collections.Immutable;
using System.Text.Json;
using Lockstep.Api.Bodies;
using Lockstep.Api.Routing;
using Lockstep.Json;
using Lockstep.Service.Errors;
using Lockstep.Service.Paging;
using Lockstep.Service.Tenancy;
using Microsoft.AspNetCore.Http;

namespace Lockstep.Api.Operations;

/// <summary>What an operator does: tenants and their API keys. Without an operator key in the configuration these paths do not exist.</summary>
public static class OperatorOperations
{
    private const string Tag = "Operator";

    /// <summary>The routes.</summary>
    public static ImmutableArray<ApiRoute> Routes { get; } =
    [
        new("POST", "/v1/operator/tenants", "CreateTenant", "Creates a tenant with a first API key, which is shown this once.", CreateAsync)
        {
            Tag = Tag,
            Access = RouteAccess.Operator,
            RequestSchema = "CreateTenantRequest",
            RequestOptional = true,
            Answers = [new(201, "Created.", "NewTenant")],
            Errors = [ErrorCodes.InvalidName, ErrorCodes.TenantAlreadyExists, ErrorCodes.Conflict],
        },
        new("GET", "/v1/operator/tenants", "ListTenants", "Lists the tenants by number.", ListAsync)
        {
            Tag = Tag,
            Access = RouteAccess.Operator,
            Parameters = ListQuery.Parameters,
            Answers = [new(200, "A page.", "TenantList")],
            Errors = [ErrorCodes.InvalidToken],
        },
        new("POST", "/v1/operator/tenants/{tenant}/keys", "CreateApiKey", "Issues a further API key, which is shown this once.", IssueKeyAsync)
        {
            Tag = Tag,
            Access = RouteAccess.Operator,
            Answers = [new(201, "Issued.", "NewTenant")],
            Errors = [ErrorCodes.TenantDoesNotExist, ErrorCodes.ApiKeyLimitExceeded],
        },
        new("GET", "/v1/operator/tenants/{tenant}/keys", "ListApiKeys", "Lists the API keys of a tenant by identifier, without their texts.", ListKeysAsync)
        {
            Tag = Tag,
            Access = RouteAccess.Operator,
            Answers = [new(200, "All of them.", "ApiKeyList")],
            Errors = [ErrorCodes.TenantDoesNotExist],
        },
        new("DELETE", "/v1/operator/tenants/{tenant}/keys/{id}", "DeleteApiKey", "Removes an API key; it may work for half a minute more.", RemoveKeyAsync)
        {
            Tag = Tag,
            Access = RouteAccess.Operator,
            Answers = [new(204, "It is not there any more, or never was.")],
            Errors = [ErrorCodes.TenantDoesNotExist],
        },
    ];

    private static async ValueTask CreateAsync(ApiCall call)
    {
        Result<JsonObject> body = await call.ReadBodyAsync();
        if (!body.Succeeded)
        {
            await call.RefuseAsync(body.Error);
            return;
        }

        var members = new Members(body.Value, "tenant", "name");
        string? number = members.OptionalText("tenant");
        string? name = members.OptionalText("name");
        await AnswerAsync(call, members.Error is { } wrong ? wrong : await call.Service.Operator.CreateAsync(number, name, call.Cancellation));
    }

    private static ValueTask ListAsync(ApiCall call) =>
        ListQuery.AnswerAsync(call, asked => call.Service.Operator.ListAsync(asked, call.Cancellation), WriteTenant);

    private static async ValueTask IssueKeyAsync(ApiCall call) =>
        await AnswerAsync(call, await call.Service.Operator.IssueKeyAsync(call.PathValue(0), call.Cancellation));

    private static async ValueTask ListKeysAsync(ApiCall call)
    {
        Result<TenantKeys> keys = await call.Service.Operator.ListKeysAsync(call.PathValue(0), call.Cancellation);
        await (keys.Succeeded
            ? ListQuery.AnswerAsync(call, new Page<ApiKeyRecord>(keys.Value.Keys, Next: null), WriteKey)
            : call.RefuseAsync(keys.Error));
    }

    private static async ValueTask RemoveKeyAsync(ApiCall call) =>
        await call.AnswerEmptyAsync(await call.Service.Operator.RemoveKeyAsync(call.PathValue(0), call.PathValue(1), call.Cancellation));

    private static ValueTask AnswerAsync(ApiCall call, Result<NewTenant> issued) => issued.Succeeded
        ? call.AnswerAsync(
            StatusCodes.Status201Created,
            static (writer, created) =>
            {
                writer.WriteStartObject();
                WriteMembers(writer, created.Tenant);
                writer.WriteString("apiKeyId"u8, created.ApiKeyId);
                writer.WriteString("apiKey"u8, created.ApiKey);
                writer.WriteString("accessKeyId"u8, created.AccessKey.Id);
                writer.WriteString("secretAccessKey"u8, created.AccessKey.Secret);
                writer.WriteEndObject();
            },
            issued.Value)
        : call.RefuseAsync(issued.Error);

    private static void WriteTenant(Utf8JsonWriter writer, TenantRecord tenant)
    {
        writer.WriteStartObject();
        WriteMembers(writer, tenant);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, TenantRecord tenant)
    {
        writer.WriteString("tenant"u8, tenant.Tenant.Value);
        writer.WriteText("name", tenant.Name);
        if (tenant.CreatedAt is { } createdAt)
        {
            writer.WriteTime("createdAt"u8, createdAt);
        }
    }

    private static void WriteKey(Utf8JsonWriter writer, ApiKeyRecord key)
    {
        writer.WriteStartObject();
        writer.WriteString("apiKeyId"u8, key.KeyId);
        writer.WriteText("accessKeyId", AccessKeys.IdOf(key.KeyId));
        writer.WriteTime("createdAt"u8, key.CreatedAt);
        writer.WriteEndObject();
    }
}
