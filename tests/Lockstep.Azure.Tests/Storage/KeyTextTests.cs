using Lockstep.Azure.Ports;
using Lockstep.Azure.Storage;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;

namespace Lockstep.Azure.Tests.Storage;

public sealed class KeyTextTests
{
    [Fact]
    public void Every_character_that_a_name_may_have_stands_for_itself_in_a_key_and_is_not_below_the_end_of_names()
    {
        var names = new ResourceNames(new ServiceLimits());
        int allowed = 0;
        for (int code = 0; code <= char.MaxValue; code++)
        {
            string name = $"{(char)code}";
            if (names.Check(name, "name") is null || names.CheckFunction(name, "name") is null)
            {
                allowed++;
                Assert.True(KeyText.OfName(name) == name, $"U+{code:X4}");
                Assert.True(string.CompareOrdinal(KeyText.After("a"), "a" + name) <= 0, $"U+{code:X4}");
            }

            TableRules.CheckKey(KeyText.OfName(name));
            BlobRules.CheckName("x/" + KeyText.OfBlobPart(name));
        }

        Assert.InRange(allowed, 60_000, 65_536);
    }

    [Fact]
    public void No_two_names_give_the_same_key_or_the_same_part_of_a_blobs_name()
    {
        string[] names =
        [
            "", "a", "a/", "^002F", "/", "a|b", "a", "~", "~002F", "A", "^", "a^", "..", ".", "\u00e9", "e", "\ud83d", "\ude00", "^x",
            new('n', KeyText.MaxLength), new('n', KeyText.MaxLength + 1), new('n', KeyText.MaxLength + 2), new('/', 500), new('/', 501), new string('n', 399) + "/",
        ];
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal)];

        Assert.Equal(distinct.Length, distinct.Select(KeyText.OfName).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(distinct.Length, distinct.Select(KeyText.OfBlobPart).Distinct(StringComparer.Ordinal).Count());
        Assert.All(distinct, name => TableRules.CheckKey(KeyText.OfName(name)));
        Assert.All(distinct, name => BlobRules.CheckName(KeyText.OfBlobPart(name)));
    }
}
