using System.Buffers.Text;
using Lockstep.Engine;
using Lockstep.Service.Callbacks;
using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Paging;
using Lockstep.Service.Security;
using Lockstep.Service.Tests.Memory;
using Lockstep.TestKit;

namespace Lockstep.Service.Tests;

public sealed class TokenTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SigningKey Old = Key("k1", 1, Day);
    private static readonly SigningKey New = Key("k2", 2, Day.AddDays(1));

    [Fact]
    public void A_task_token_says_which_attempt_it_is_for_and_is_the_same_on_every_replay()
    {
        var tokens = new TaskTokens(new KeyRing([Old]), ServiceLimits.Default);
        string token = tokens.Issue(Identity("k1"), new CommandId(7));
        Assert.Equal(token, tokens.Issue(Identity("k1"), new CommandId(7)));
        Assert.NotEqual(token, tokens.Issue(Identity("k1"), new CommandId(8)));
        Assert.True(tokens.TryVerify(token, out TaskTokenClaims? claims));
        Assert.Equal(new TaskTokenClaims(new ExecutionKey(MemoryPlatform.Anna, "m:e"), 3, new CommandId(7)), claims);
        Assert.Equal(Uri.EscapeDataString(token), token);
    }

    [Fact]
    public void A_token_outlives_a_new_key_and_not_the_loss_of_its_own()
    {
        string token = new TaskTokens(new KeyRing([Old]), ServiceLimits.Default).Issue(Identity("k1"), new CommandId(1));
        var both = new TaskTokens(new KeyRing([Old, New]), ServiceLimits.Default);
        Assert.Equal("k2", both.CurrentKeyId);
        Assert.True(both.TryVerify(token, out _));
        Assert.Equal(token, both.Issue(Identity("k1"), new CommandId(1)));
        var lost = new TaskTokens(new KeyRing([New]), ServiceLimits.Default);
        Assert.False(lost.TryVerify(token, out _));
        Assert.Throws<InvalidOperationException>(() => lost.Issue(Identity("k1"), new CommandId(1)));
    }

    [Fact]
    public void No_changed_token_is_accepted_whichever_bit_is_changed()
    {
        var tokens = new TaskTokens(new KeyRing([Old]), ServiceLimits.Default);
        string token = tokens.Issue(Identity("k1"), new CommandId(1));
        byte[] bytes = Base64Url.DecodeFromChars(token);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(tokens.TryVerify(Base64Url.EncodeToString(changed), out _), $"bit {bit}");
        }

        Assert.All(Enumerable.Range(0, token.Length), length => Assert.False(tokens.TryVerify(token[..length], out _)));
        Assert.All(Enumerable.Range(0, token.Length), at => Assert.False(tokens.TryVerify(token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..], out _)));
        Assert.All(new[] { "", "=", "!", token + "=", token + "A", " " + token, token + "\n" }, text => Assert.False(tokens.TryVerify(text, out _)));
    }

    [Fact]
    public void A_task_token_has_up_to_the_limit_of_characters_and_the_longest_names_fit()
    {
        string name = new('\u4e2d', 80);
        var identity = Identity("k1") with
        {
            ExecutionArn = $"arn:aws:states:local:000000000001:express:{name}:{name}:{Guid.Empty}",
        };
        var roomy = new TaskTokens(new KeyRing([Old]), ServiceLimits.Default);
        string token = roomy.Issue(identity, new CommandId(long.MaxValue));
        Assert.True(roomy.TryVerify(token, out _));
        Assert.InRange(token.Length, 1, 1_024);
        Assert.True(new TaskTokens(new KeyRing([Old]), ServiceLimits.Default with { MaxTaskTokenLength = token.Length }).TryVerify(token, out _));
        Assert.False(new TaskTokens(new KeyRing([Old]), ServiceLimits.Default with { MaxTaskTokenLength = token.Length - 1 }).TryVerify(token, out _));
    }

    [Fact]
    public void A_page_token_opens_the_same_list_of_the_same_tenant_and_no_other()
    {
        var pages = new PageTokens(new KeyRing([Old]), ServiceLimits.Default);
        string? token = pages.Seal(MemoryPlatform.Anna, "list", new Page<int>([1], "cursor")).Next;
        Assert.NotNull(token);
        Assert.Equal("cursor", pages.Open(MemoryPlatform.Anna, "list", new ListRequest(null, token)).Value?.Cursor);
        Assert.Equal(ErrorCodes.InvalidToken, pages.Open(MemoryPlatform.Bert, "list", new ListRequest(null, token)).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidToken, pages.Open(MemoryPlatform.Anna, "other", new ListRequest(null, token)).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidToken, pages.Open(MemoryPlatform.Anna, "list", new ListRequest(null, "cursor")).Error?.Code);
        Assert.Null(pages.Seal(MemoryPlatform.Anna, "list", new Page<int>([1], null)).Next);
    }

    [Fact]
    public void A_page_has_from_one_to_the_limit_of_items()
    {
        var pages = new PageTokens(new KeyRing([Old]), ServiceLimits.Default);
        Assert.Equal(100, pages.Open(MemoryPlatform.Anna, "list", ListRequest.First).Value?.MaxItems);
        Assert.Equal(1_000, pages.Open(MemoryPlatform.Anna, "list", new ListRequest(1_000, null)).Value?.MaxItems);
        Assert.Equal("pageSize", pages.Open(MemoryPlatform.Anna, "list", new ListRequest(1_001, null)).Error?.Target);
        Assert.Equal("pageSize", pages.Open(MemoryPlatform.Anna, "list", new ListRequest(0, null)).Error?.Target);
    }

    [Fact]
    public void A_page_token_has_up_to_the_limit_of_characters()
    {
        var pages = new PageTokens(new KeyRing([Old]), ServiceLimits.Default);
        string token = pages.Seal(MemoryPlatform.Anna, "list", new Page<int>([1], new string('c', 300))).Next ?? "";
        Result<PageRequest> Open(int limit) => new PageTokens(new KeyRing([Old]), ServiceLimits.Default with { MaxPageTokenLength = limit })
            .Open(MemoryPlatform.Anna, "list", new ListRequest(null, token));
        Assert.True(Open(token.Length).Succeeded);
        Assert.Equal(ErrorCodes.InvalidToken, Open(token.Length - 1).Error?.Code);
    }

    [Fact]
    public async Task The_first_process_draws_a_key_and_every_later_one_finds_it()
    {
        var store = new MemorySigningKeyStore();
        KeyRing first = await KeyRing.LoadAsync(store, "p", new ManualTime(), TestContext.Current.CancellationToken);
        KeyRing second = await KeyRing.LoadAsync(store, "p", new ManualTime(), TestContext.Current.CancellationToken);
        Assert.Equal(first.Current.KeyId, second.Current.KeyId);
        Assert.Equal(KeyRing.SecretBytes, first.Current.Secret.Length);
        Assert.DoesNotContain(Convert.ToHexString(first.Current.Secret.Span), first.Current.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Throws<ArgumentException>(() => new KeyRing([]));
    }

    private static SigningKey Key(string id, byte seed, DateTimeOffset at) => new(id, Enumerable.Repeat(seed, KeyRing.SecretBytes).ToArray(), at);

    private static ExecutionIdentity Identity(string keyId) => new(
        "arn:aws:states:local:000000000001:execution:m:e", "e", "arn:aws:states:local:000000000001:stateMachine:m", "m", "r", 1, 3, keyId, 1);
}
