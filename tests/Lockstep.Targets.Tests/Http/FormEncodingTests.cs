using Lockstep.Json;
using Lockstep.Targets.Http;

namespace Lockstep.Targets.Tests.Http;

public sealed class FormEncodingTests
{
    [Theory]
    [InlineData("Indices", "a[0]=x&a[1]=y&b[c]=1&d[e][0]=true&f=")]
    [InlineData("Repeat", "a=x&a=y&b[c]=1&d[e]=true&f=")]
    [InlineData("Commas", "a=x,y&b[c]=1&d[e]=true&f=")]
    [InlineData("Brackets", "a[]=x&a[]=y&b[c]=1&d[e][]=true&f=")]
    public void Arrays_are_written_as_asked(string format, string form) => Assert.Equal(
        form,
        FormEncoding.Encode(
            (JsonObject)JsonValue.Parse("""{"a":["x","y"],"b":{"c":1},"d":{"e":[true]},"f":null}"""), Enum.Parse<ArrayFormat>(format)));

    [Fact]
    public void Names_and_values_are_escaped() => Assert.Equal(
        "a%20b=x%26y%3Dz&gr%C3%B6%C3%9Fe=%E2%82%AC",
        FormEncoding.Encode((JsonObject)JsonValue.Parse("""{"a b":"x&y=z","größe":"€"}"""), ArrayFormat.Indices));

    [Fact]
    public void The_order_of_members_is_kept() => Assert.Equal(
        "z=1&a=2&m=3", FormEncoding.Encode((JsonObject)JsonValue.Parse("""{"z":1,"a":2,"m":3}"""), ArrayFormat.Indices));
}
