using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lockstep.Api.Documents;
using Lockstep.Api.Operations;
using Lockstep.Api.Problems;
using Lockstep.Api.Tests.Support;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;
using Lockstep.Service.Telemetry;
using Lockstep.TestKit;

namespace Lockstep.Api.Tests;

/// <summary>
/// Documents that are generated from the code are kept in the repository, so that a change of the surface is seen in review. With
/// LOCKSTEP_UPDATE_SNAPSHOTS=1 they are written anew.
/// </summary>
public sealed class DocumentTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_OpenApi_document_is_the_one_in_the_repository() =>
        AssertSame("docs/openapi.json", OpenApiDocument.Of(ApiRoutes.Table).ToJsonString(Indented) + "\n");

    [Fact]
    public async Task The_OpenApi_document_is_served()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        Answer served = await host.Nobody.GetAsync("/openapi/v1.json");
        Assert.Equal(200, served.Code);
        Assert.True(JsonNode.DeepEquals(OpenApiDocument.Of(ApiRoutes.Table), JsonNode.Parse(served.Text)));
    }

    [Fact]
    public void Every_reference_leads_to_a_schema_and_every_schema_is_used()
    {
        string text = OpenApiDocument.Of(ApiRoutes.Table).ToJsonString();
        var schemas = ApiSchemas.All().Select(schema => schema.Key).ToHashSet();
        var used = System.Text.RegularExpressions.Regex.Matches(text, "\"#/components/schemas/([A-Za-z]+)\"").Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Equal(schemas.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_of_the_Step_Functions_API_is_the_one_in_the_repository() =>
        AssertSame("docs/aws-compatibility.md", CompatibilityPage.Text);

    [Fact]
    public void Every_code_has_its_page()
    {
        IEnumerable<string> codes = typeof(ErrorCodes).GetFields().Select(field => field.GetRawConstantValue() as string ?? "");
        Assert.Equal(codes.Order(StringComparer.Ordinal), ErrorCatalog.Pages.Select(page => page.Code).Order(StringComparer.Ordinal));
        Assert.Throws<ArgumentException>(() => ErrorCatalog.Find("Nonsense"));
    }

    [Fact]
    public void The_page_of_error_codes_is_complete()
    {
        var page = new StringBuilder("""
            # Error codes

            Every failure is answered with problem details (RFC 9457, `application/problem+json`): `code` is one of these and never changes its
            meaning, `detail` says what was wrong, `pointer` where (a JSON pointer into the body, or the name of a parameter or header), `remedy` how to
            mend it. Where Step Functions has a name for the same failure, the code is that name. `requestId` is there when the service is at fault.

            This page is written by a test from the code; see `tests/Lockstep.Api.Tests/DocumentTests.cs`.

            | code | status | meaning | what to do |
            | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (ErrorPage entry in ErrorCatalog.Pages)
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{entry.Code}` | {entry.Status} | {entry.Title} | {entry.Remedy} |\n");
        }

        AssertSame("docs/error-codes.md", page.ToString());
    }

    [Fact]
    public void The_page_of_limits_is_complete()
    {
        var page = new StringBuilder("""
            # Limits of the service

            Each has a default and a configuration key `Lockstep:Limits:NAME` (as an environment variable `Lockstep__Limits__NAME`). A value that is no
            whole number within its range stops the start with a message that says so. A request body may have twice the larger of MaxPayloadBytes and
            MaxDefinitionBytes, and 64 KiB more.

            This page is written by a test from the code; see `tests/Lockstep.Api.Tests/DocumentTests.cs`.

            | name | default | range | what is limited |
            | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (LimitDefinition limit in ServiceLimits.Definitions)
        {
            page.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| `{limit.Name}` | {limit.Default:N0} | {limit.Minimum:N0} to {limit.Maximum:N0} {limit.Unit} | {limit.Meaning} |\n");
        }

        AssertSame("docs/limits.md", page.ToString());
    }

    [Fact]
    public void The_page_of_telemetry_names_is_complete()
    {
        string page = File.ReadAllText(Repository.PathOf("docs/telemetry.md")).ReplaceLineEndings("\n");
        const string begin = "<!-- names -->\n";
        int start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(start >= begin.Length, "docs/telemetry.md has no place for the names.");
        AssertSame("docs/telemetry.md", page[..start] + NamesOfTelemetry());
    }

    private static string NamesOfTelemetry()
    {
        var tables = new StringBuilder("\n## Spans\n\n| source | name | kind | attributes | meaning |\n| --- | --- | --- | --- | --- |\n");
        foreach (SpanDefinition span in TelemetryNames.Spans)
        {
            tables.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| `{span.Source}` | `{span.Name}` | {span.Kind} | {Names(span.Attributes)} | {span.Meaning} |\n");
        }

        tables.Append(
            System.Globalization.CultureInfo.InvariantCulture,
            $"\n## Metrics\n\nAll are of the meter `{TelemetryNames.Meter}`.\n\n| name | kind | unit | dimensions | meaning |\n| --- | --- | --- | --- | --- |\n");
        foreach (MetricDefinition metric in TelemetryNames.Metrics)
        {
            tables.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| `{metric.Name}` | {metric.Kind.ToString().ToLowerInvariant()} | `{metric.Unit}` | {Names(metric.Dimensions)} | {metric.Meaning} |\n");
        }

        tables.Append("\n## Attributes and dimensions\n\n| name | values |\n| --- | --- |\n");
        foreach (AttributeDefinition attribute in TelemetryNames.Attributes)
        {
            tables.Append(System.Globalization.CultureInfo.InvariantCulture, $"| `{attribute.Name}` | {attribute.Meaning} |\n");
        }

        return tables.ToString();

        static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
    }

    private static void AssertSame(string path, string expected)
    {
        string file = Repository.PathOf(path);
        if (Environment.GetEnvironmentVariable("LOCKSTEP_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(file, expected);
        }

        Assert.Equal(expected, File.ReadAllText(file));
    }
}
