using Lockstep.Service.Security;
using Lockstep.TestKit;

namespace Lockstep.Service.Tests.Connections;

public sealed class SecretCipherTests
{
    private static readonly DateTimeOffset Noon = new ManualTime().GetUtcNow();

    private static readonly SigningKey Old = new("old1", Enumerable.Repeat((byte)1, 32).ToArray(), Noon);
    private static readonly SigningKey New = new("new1", Enumerable.Repeat((byte)2, 32).ToArray(), Noon.AddDays(1));

    [Fact]
    public void What_was_sealed_opens_in_its_context_only()
    {
        var cipher = new SecretCipher(new KeyRing([Old]));
        byte[] sealedBytes = cipher.Seal("tenant/name", "plain"u8);

        Assert.Equal<IEnumerable<byte>>("plain"u8.ToArray(), cipher.Open("tenant/name", sealedBytes));
        Assert.Null(cipher.Open("tenant/other", sealedBytes));
        Assert.Null(cipher.Open("tenant/nam", sealedBytes));
        Assert.Equal(0, cipher.Open("", cipher.Seal("", []))?.Length);
    }

    [Fact]
    public void The_same_is_sealed_differently_each_time()
    {
        var cipher = new SecretCipher(new KeyRing([Old]));
        Assert.NotEqual(cipher.Seal("c", "plain"u8), cipher.Seal("c", "plain"u8));
    }

    [Fact]
    public void Any_altered_or_missing_byte_opens_to_nothing()
    {
        var cipher = new SecretCipher(new KeyRing([Old]));
        byte[] sealedBytes = cipher.Seal("c", "plain"u8);
        for (int i = 0; i < sealedBytes.Length; i++)
        {
            byte[] altered = [.. sealedBytes];
            altered[i] ^= 1;
            Assert.Null(cipher.Open("c", altered));
            Assert.Null(cipher.Open("c", sealedBytes.AsSpan(0, i)));
        }
    }

    [Fact]
    public void The_newest_key_seals_and_older_ones_still_open()
    {
        byte[] before = new SecretCipher(new KeyRing([Old])).Seal("c", "plain"u8);
        var rotated = new SecretCipher(new KeyRing([Old, New]));

        Assert.Equal<IEnumerable<byte>>("plain"u8.ToArray(), rotated.Open("c", before));
        byte[] after = rotated.Seal("c", "plain"u8);
        Assert.Null(new SecretCipher(new KeyRing([Old])).Open("c", after));
        Assert.Equal<IEnumerable<byte>>("plain"u8.ToArray(), new SecretCipher(new KeyRing([New])).Open("c", after));
    }
}
