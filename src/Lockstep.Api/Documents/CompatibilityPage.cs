using System.Globalization;
using System.Text;
using Lockstep.Api.Wire;

namespace Lockstep.Api.Documents;

/// <summary>docs/aws-compatibility.md, written from the registry of operations, so that it cannot say what the code does not do.</summary>
public static class CompatibilityPage
{
    /// <summary>The page.</summary>
    public static string Text { get; } = Build();

    private static string Build()
    {
        var page = new StringBuilder("""
            # Compatibility with the AWS Step Functions API

            `POST /` speaks the protocol of AWS Step Functions (AWS JSON 1.0, Signature Version 4), so AWS SDKs, the AWS CLI and tools built on them work when
            they are given the address of this service as their endpoint. The README has a tour. This page is written by a test from the registry that also dispatches
            the requests (`src/Lockstep.Api/Wire`); what is not on it is not there.

            ## Settings of clients

            | client | setting |
            | --- | --- |
            | any | endpoint: the address of the service; region: any; access key id and secret: those that came with the API key, or that development mode prints |
            | AWS CLI | `--endpoint-url http://127.0.0.1:7071`, or `AWS_ENDPOINT_URL_SFN` from version 2.13 on; `AWS_DISABLE_HOST_PREFIX_INJECTION=true` in newer versions |
            | SDK for JavaScript 3 | `new SFNClient({ endpoint, region, credentials, disableHostPrefix: true })` |
            | SDK for Python (boto3) | `boto3.client("stepfunctions", endpoint_url=..., config=Config(inject_host_prefix=False))` |
            | SDK for Java 2 | `SfnClient.builder().endpointOverride(...)`, and `SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION` set to true |
            | SDK for Go 2 | `o.BaseEndpoint`, and `smithyhttp.DisableEndpointHostPrefix(ctx, true)` as the context of the call |
            | SDK for .NET | `AmazonStepFunctionsConfig { ServiceURL = ..., DisableHostPrefixInjection = true }` |

            SDKs put `sync-` before the host for StartSyncExecution and TestState. The service answers under any host name, so it is enough that the name with the prefix
            resolves, which `sync-localhost` and `sync-127.0.0.1` do not by themselves. The settings above keep the host as it is. Versions of the AWS CLI that do not have
            it need a host name whose `sync-` form leads here as well, for example by a line in `/etc/hosts`; or the service as the proxy of any host name,
            `HTTP_PROXY=http://127.0.0.1:7071 aws stepfunctions --endpoint-url http://lockstep.test`. Workers that call GetActivityTask need a read timeout of more than 65 seconds.

            ## Clients in the tests

            `tests/Lockstep.EndToEnd.Tests/Clients` drives a real server with the SDK for JavaScript 3 and with every AWS CLI that is installed, each operation well and refused. A test
            compares both lists with the registry. The CLI of Debian 12 (package `awscli`, 2.9.19) is older than versions, aliases, RedriveExecution, TestState and
            ValidateStateMachineDefinition: it refuses these 11 by itself, and a newer one has to be installed for them. Polls that clients give up are tested with the SDK, too; a whole minute of
            waiting is spent only when asked for:

                LOCKSTEP_LONG_POLL=1 dotnet test tests/Lockstep.EndToEnd.Tests -c Release --filter FullyQualifiedName~LongPollTests

            ## Operations

            """.ReplaceLineEndings("\n"));
        page.Append(CultureInfo.InvariantCulture, $"{WireRegistry.Operations.Length} operations are served. The rate is that of one tenant: calls at once, and calls a second after that; ");
        page.Append("`Lockstep:Throttling:OPERATION:BucketSize` and `Lockstep:Throttling:OPERATION:RefillPerSecond` change it, `Lockstep:Throttling:Enabled` switches it off. ");
        page.Append("Development mode has no rates. Beyond its own exceptions, every operation may answer ");
        page.AppendJoin(", ", WireErrors.Common).Append(".\n\n| operation | rate | its own exceptions | what differs |\n| --- | --- | --- | --- |\n");
        foreach (WireOperation operation in WireRegistry.Operations.OrderBy(operation => operation.Name, StringComparer.Ordinal))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {operation.Name} | {Shown(operation.Throttle)} | {string.Join(", ", operation.Errors.Order(StringComparer.Ordinal))} | {string.Join(' ', operation.Differences)} |\n");
        }

        string[] names = [.. WireRegistry.Operations.Select(operation => operation.Name)];
        page.Append('\n');
        foreach ((string name, ThrottleRate rate) in WireRegistry.Rates.Where(rate => !names.Contains(rate.Key)))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"Starts of Express executions have the rate `{name}` ({Shown(rate)}) instead of that of StartExecution.\n");
        }

        page.Append("The rates are those that AWS publishes for its largest regions (Step Functions Developer Guide, Service quotas, \"Quotas related to API action throttling\" and \"Other quotas\"). ");
        page.Append(CultureInfo.InvariantCulture, $"It publishes none for {string.Join(", ", WireRegistry.UnpublishedRates)}, which grows there with the load; ");
        page.Append("here it has the rate of the other starts of Express executions, as it does the same work.\n");

        page.Append("\n## Requests\n\nThe members that are read, with a star where they have to be there. Others are ignored.\n\n| operation | members |\n| --- | --- |\n");
        foreach (WireOperation operation in WireRegistry.Operations.OrderBy(operation => operation.Name, StringComparer.Ordinal))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"| {operation.Name} | {string.Join(", ", operation.Request.Members.Select(member => member.IsRequired ? member.Name + "\\*" : member.Name))} |\n");
        }

        page.Append("\n## Resources\n\n| resource | the same | different, and why |\n| --- | --- | --- |\n");
        foreach (WireResource resource in WireResources.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {resource.Name} | {resource.Same} | {string.Join(' ', resource.Differs)} |\n");
        }

        return page.ToString();
    }

    private static string Shown(ThrottleRate rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.BucketSize:N0}, {rate.RefillPerSecond:N0}/s");
}
