using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lockstep.Api.Routing;
using Lockstep.Service.Errors;
using Lockstep.Service.Paging;

namespace Lockstep.Api.Operations;

/// <summary>What all lists have in common: <c>pageSize</c> and <c>pageToken</c> in, <c>value</c> and <c>nextLink</c> out.</summary>
public static class ListQuery
{
    /// <summary>The parameters of every list.</summary>
    public static ImmutableArray<RouteParameter> Parameters { get; } =
    [
        new("pageSize", "query", "integer", "Items on a page, from 1 to 1,000; 100 when absent."),
        new("pageToken", "query", "string", "The token of a page, as nextLink carries it. Opaque, and good for the same filter only."),
    ];

    /// <summary>Reads which page is asked for.</summary>
    public static Result<ListRequest> Read(ApiCall call)
    {
        Result<PageSize> size = ReadSize(call);
        return size.Succeeded ? new ListRequest(size.Value.Items, call.Query("pageToken")) : size.Error;
    }

    /// <summary>Reads the size of the page.</summary>
    public static Result<PageSize> ReadSize(ApiCall call)
    {
        if (call.Query("pageSize") is not { } text)
        {
            return new PageSize(null);
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            ? new PageSize(size)
            : new ServiceError(ErrorCodes.Validation, "pageSize has to be a whole number.") { Target = "pageSize" };
    }

    /// <summary>Reads which page is asked for, and answers with it or with what refuses it.</summary>
    public static async ValueTask AnswerAsync<T>(
        ApiCall call, Func<ListRequest, ValueTask<Result<Page<T>>>> list, Action<Utf8JsonWriter, T> writeItem)
    {
        Result<ListRequest> asked = Read(call);
        await AnswerAsync(call, asked.Succeeded ? await list(asked.Value) : asked.Error, writeItem);
    }

    /// <summary>Answers with a page, or with what refuses it.</summary>
    public static ValueTask AnswerAsync<T>(ApiCall call, Result<Page<T>> page, Action<Utf8JsonWriter, T> writeItem) =>
        page.Succeeded ? AnswerAsync(call, page.Value, writeItem) : call.RefuseAsync(page.Error);

    /// <summary>Answers with a page.</summary>
    public static ValueTask AnswerAsync<T>(ApiCall call, Page<T> page, Action<Utf8JsonWriter, T> writeItem)
    {
        string? nextLink = page.Next is null ? null : call.Link(WithToken(call, page.Next));
        return call.AnswerAsync(
            200,
            static (writer, state) =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("value");
                foreach (T item in state.page.Items)
                {
                    state.writeItem(writer, item);
                }

                writer.WriteEndArray();
                if (state.nextLink is not null)
                {
                    writer.WriteString("nextLink", state.nextLink);
                }

                writer.WriteEndObject();
            },
            (page, nextLink, writeItem));
    }

    private static string WithToken(ApiCall call, string token)
    {
        var link = new StringBuilder(call.Request.PathBase.ToUriComponent()).Append(call.Request.Path.ToUriComponent()).Append('?');
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues value) in call.Request.Query)
        {
            if (name != "pageToken")
            {
                link.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value.ToString())).Append('&');
            }
        }

        return link.Append("pageToken=").Append(token).ToString();
    }
}

/// <summary>The size of a page that a caller asks for.</summary>
/// <param name="Items">Items; null for the default.</param>
public sealed record PageSize(int? Items);
