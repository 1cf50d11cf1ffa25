using System.Buffers;
using Lockstep.Targets.SampleFunctions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lockstep.Cli.Serve;

/// <summary>The functions of the samples, answered by this server itself in development mode.</summary>
internal static class SampleEndpoints
{
    private const string Folder = "/samples/functions/";

    /// <summary>Bytes of a request that are read at most.</summary>
    private const int MaxRequestBytes = 6 * 1024 * 1024;

    /// <summary>The path of one.</summary>
    public static string PathOf(string name) => Folder + Uri.EscapeDataString(name);

    /// <summary>Serves all of them.</summary>
    /// <param name="endpoints">The server.</param>
    /// <param name="announce">Shows a line to the person at the terminal, such as the link of an approval.</param>
    public static void Map(IEndpointRouteBuilder endpoints, Action<string> announce) =>
        endpoints.MapPost(Folder + "{name}", context => AnswerAsync(context, announce));

    private static async Task AnswerAsync(HttpContext context, Action<string> announce)
    {
        using var body = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            int read;
            while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
            {
                if (body.Length + read > MaxRequestBytes)
                {
                    context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                    return;
                }

                body.Write(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        SampleResponse response = SampleEndpoint.Answer(
            context.GetRouteValue("name") as string ?? "", body.GetBuffer().AsSpan(0, (int)body.Length), context.Request.Headers[SampleEndpoint.AttemptHeader]);
        if (response.Announcement is { } line)
        {
            announce(line);
        }

        context.Response.StatusCode = response.Status;
        context.Response.ContentType = "application/json";
        if (response.FunctionError is { } error)
        {
            context.Response.Headers[SampleEndpoint.FunctionErrorHeader] = error;
        }

        await context.Response.Body.WriteAsync(response.Body.ToUtf8(), context.RequestAborted);
    }
}
