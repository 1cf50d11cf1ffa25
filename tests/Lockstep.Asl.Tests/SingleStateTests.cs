using System.Text;
using Lockstep.Asl.Compiled;
using Lockstep.Asl.Resources;

namespace Lockstep.Asl.Tests;

/// <summary>A state that is read without the machine it belongs to.</summary>
public sealed class SingleStateTests
{
    private const string Distributed = """
        {"Type":"Map","ToleratedFailurePercentage":5.5,"End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
         "StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}}
        """;

    [Fact]
    public void MayLeadToStatesThatNobodyKnows()
    {
        AslLoadResult loaded = Load("""
            {"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"Z"},{"Variable":"$.b","IsNull":true,"Next":"A"}],"Default":"Z"}
            """);
        Assert.True(loaded.IsValid);
        Assert.Equal(["S", "A", "Z"], loaded.Machine.States.Select(state => state.Name));
        var choice = Assert.IsType<CompiledChoice>(loaded.Machine.States[0]);
        Assert.Equal((2, 1, 2), (choice.Rules[0].NextState, choice.Rules[1].NextState, choice.DefaultState));
    }

    [Fact]
    public void MayLeadToItself() => Assert.Equal(0, Load("""{"Type":"Pass","Next":"S"}""").Machine?.States[0].NextState);

    [Theory]
    [InlineData("""{"Type":"Pass"}""", "")]
    [InlineData("""{"Type":"Pass","End":true,"Resource":"x"}""", "/Resource")]
    [InlineData("""{"Type":"Parallel","End":true,"Branches":[{"StartAt":"I","States":{"I":{"Type":"Pass","Next":"Out"}}}]}""", "/Branches/0/States/I/Next")]
    [InlineData("""{"Type":"Parallel","End":true,"Branches":[{"StartAt":"S","States":{"S":{"Type":"Pass","End":true}}}]}""", "/Branches/0/States/S")]
    [InlineData("""{"Type":"Pass","Parameters":{"a.$":"$unknown"},"End":true}""", "/Parameters/a.$")]
    [InlineData("[]", "")]
    public void IsCheckedLikeAnyOther(string state, string pointer)
    {
        AslLoadResult loaded = Load(state);
        Assert.Null(loaded.Machine);
        Assert.Equal(pointer, Assert.Single(loaded.Diagnostics).Pointer);
    }

    [Fact]
    public void ReadsVariablesThatAreGiven() =>
        Assert.True(Load("""{"Type":"Pass","Parameters":{"a.$":"$known"},"End":true}""", new AslOptions { GivenVariables = ["known"] }).IsValid);

    [Fact]
    public void ADistributedMapCompilesForATestAlone()
    {
        Assert.Null(Load(Distributed, new AslOptions { Resources = ResourceCatalog.Empty }).Machine);
        Assert.NotNull(Load(Distributed, new AslOptions { Resources = ResourceCatalog.Empty.WithDistributedMaps() }).Machine);
        var map = Assert.IsType<CompiledMap>(Load(Distributed, new AslOptions { ForStateTest = true }).Machine?.States[0]);
        Assert.NotNull(map.Distributed?.ToleratedFailurePercentage);
    }

    [Theory]
    [InlineData(""" "InputType":"MANIFEST" """, null)]
    [InlineData(""" "InputType":"MANIFEST","ManifestType":"S3_INVENTORY" """, null)]
    [InlineData(""" "InputType":"MANIFEST","ManifestType":"OTHER" """, "INVALID_VALUE")]
    [InlineData(""" "InputType":"JSON","ManifestType":"S3_INVENTORY" """, "CONFLICTING_FIELDS")]
    [InlineData(""" "InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","ManifestType":"ATHENA_DATA" """, null)]
    [InlineData(""" "InputType":"JSONL","ManifestType":"ATHENA_DATA" """, null)]
    [InlineData(""" "InputType":"JSON","ManifestType":"ATHENA_DATA" """, "CONFLICTING_FIELDS")]
    [InlineData(""" "InputType":"MANIFEST","ManifestType":"ATHENA_DATA" """, "CONFLICTING_FIELDS")]
    [InlineData(""" "ManifestType":"ATHENA_DATA" """, "MISSING_FIELD")]
    [InlineData(""" "ManifestType":"S3_INVENTORY" """, null)]
    [InlineData(""" "InputType":"JSON","Transformation":"NONE" """, "CONFLICTING_FIELDS")]
    [InlineData(""" "InputType":"PARQUET" """, "DISTRIBUTED_MAP_NOT_SUPPORTED")]
    public void ADistributedMapReadsWhatThisVersionReads(string config, string? code)
    {
        const string Reader = """ "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bucket":"b","Key":"k"},"ReaderConfig":{""";
        string definition = Distributed.Replace("\"ItemProcessor\"", $"{Reader}{config}}}}},\"ItemProcessor\"", StringComparison.Ordinal);
        AslLoadResult loaded = Load(definition, new AslOptions { Resources = ResourceCatalog.Empty.WithDistributedMaps() });
        Assert.Equal(code, loaded.Diagnostics.SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData(""" "Transformation":"NONE" """, null)]
    [InlineData(""" "Transformation":"LOAD_AND_FLATTEN","InputType":"JSONL" """, null)]
    [InlineData(""" "Transformation":"LOAD_AND_FLATTEN","InputType":"JSON","ItemsPointer":"/a" """, null)]
    [InlineData(""" "Transformation":"FLATTEN","InputType":"JSON" """, "INVALID_VALUE")]
    [InlineData(""" "Transformation":"LOAD_AND_FLATTEN" """, "MISSING_FIELD")]
    [InlineData(""" "Transformation":"LOAD_AND_FLATTEN","InputType":"MANIFEST" """, "CONFLICTING_FIELDS")]
    [InlineData(""" "ManifestType":"ATHENA_DATA","InputType":"JSONL" """, "CONFLICTING_FIELDS")]
    public void ADistributedMapReadsTheObjectsThatItLists(string config, string? code)
    {
        const string Reader = """ "ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"},"ReaderConfig":{""";
        string definition = Distributed.Replace("\"ItemProcessor\"", $"{Reader}{config}}}}},\"ItemProcessor\"", StringComparison.Ordinal);
        AslLoadResult loaded = Load(definition, new AslOptions { Resources = ResourceCatalog.Empty.WithDistributedMaps() });
        Assert.Equal(code, loaded.Diagnostics.SingleOrDefault()?.Code);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("100", true)]
    [InlineData("100.5", false)]
    [InlineData("-1", false)]
    [InlineData("\"5\"", false)]
    public void ToleratesAPercentage(string percentage, bool valid)
    {
        string definition = Distributed.Replace("5.5", percentage, StringComparison.Ordinal);
        Assert.Equal(valid, Load(definition, new AslOptions { ForStateTest = true }).IsValid);
    }

    private static AslLoadResult Load(string state, AslOptions? options = null) => AslCompiler.LoadState(Encoding.UTF8.GetBytes(state), "S", options);
}
