using Lockstep.Api.Tests.Support;

namespace Lockstep.Api.Tests;

public sealed class TableTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lockstep-api-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_table_is_created_shown_listed_and_deleted_within_its_tenant_and_stays_after_a_restart()
    {
        const string Key = """{"partitionKey":{"name":"id","type":"S"},"sortKey":{"name":"n","type":"N"}}""";
        await using (EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder))
        {
            Assert.Equal(201, (await api.Anna.PutAsync("/v1/tables/orders", Key)).Code);
            Assert.Equal(200, (await api.Anna.PutAsync("/v1/tables/orders", Key)).Code);
            Assert.Equal("ConflictException", (await api.Anna.PutAsync("/v1/tables/orders", """{"partitionKey":{"name":"id","type":"N"}}""")).Problem);
        }

        await using EmbeddedApi again = await EmbeddedApi.OpenAsync(_folder);
        Assert.Equal("""{"name":"n","type":"N"}""", (await again.Anna.GetAsync("/v1/tables/orders")).Json["sortKey"]?.ToString());
        Assert.Single((await again.Anna.GetAsync("/v1/tables")).Value);
        Assert.Empty((await again.Anna.GetAsync("/v1/tables/orders/items")).Value);
        Assert.Equal("TableDoesNotExist", (await again.Bert.GetAsync("/v1/tables/orders/items")).Problem);
        Assert.Equal(204, (await again.Bert.DeleteAsync("/v1/tables/orders")).Code);
        Assert.Equal(204, (await again.Anna.DeleteAsync("/v1/tables/orders")).Code);
        Assert.Equal("TableDoesNotExist", (await again.Anna.GetAsync("/v1/tables/orders")).Problem);
    }

    [Theory]
    [InlineData("{}", "/partitionKey")]
    [InlineData("""{"partitionKey":{"name":"id","type":"X"}}""", "/partitionKey")]
    [InlineData("""{"partitionKey":{"name":"id","type":"S"},"sortKey":{"name":"id","type":"S"}}""", "/sortKey/name")]
    [InlineData("""{"partitionKey":{"name":"id","type":"S"},"indexes":[]}""", "/indexes")]
    public async Task What_is_wrong_with_a_key_is_said_with_its_place(string body, string pointer)
    {
        await using EmbeddedApi api = await EmbeddedApi.OpenAsync(_folder);
        Answer refused = await api.Anna.PutAsync("/v1/tables/orders", body);
        Assert.Equal((400, "ValidationException", pointer), (refused.Code, refused.Problem, refused.String("pointer")));
    }
}
