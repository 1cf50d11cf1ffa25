using Lockstep.Azure.Ledger;
using Lockstep.Azure.Ports;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Azure.Tests.Ledger;

public sealed class LedgerFolderTests
{
    [Theory]
    [InlineData("m:one")]
    [InlineData("m:one.")]
    [InlineData("m:...")]
    [InlineData("m\u00e9:\u4e2d!+=@'().")]
    public void Folder_of_an_execution_is_part_of_a_good_blob_name_and_no_other_ones(string id)
    {
        TenantId tenant = TenantId.TryParse("000000000001", out TenantId parsed) ? parsed : default;
        string folder = LedgerKeys.Folder(new ExecutionKey(tenant, id));

        BlobRules.CheckName(folder + "start-0");
        Assert.NotEqual(folder, LedgerKeys.Folder(new ExecutionKey(tenant, id + "~")));
        Assert.NotEqual(folder, LedgerKeys.Folder(new ExecutionKey(tenant, id + ".")));
    }
}
