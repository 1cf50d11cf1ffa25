using Lockstep.Azure.Executions;
using Lockstep.Engine.Codec;

namespace Lockstep.Azure.Tests;

public sealed class TurnChainTests
{
    [Fact]
    public void A_chain_tells_turns_apart_by_number_count_and_content_and_by_what_came_before()
    {
        long first = TurnChain.After(TurnChain.Start, 1, new TurnDigest(2, 42));

        long[] seconds =
        [
            TurnChain.After(first, 2, new TurnDigest(1, 7)),
            TurnChain.After(first, 3, new TurnDigest(1, 7)),
            TurnChain.After(first, 2, new TurnDigest(2, 7)),
            TurnChain.After(first, 2, new TurnDigest(1, 8)),
            TurnChain.After(TurnChain.Start, 2, new TurnDigest(1, 7)),
        ];

        Assert.Equal(seconds.Length, seconds.Distinct().Count());
    }

    [Fact]
    public void Equal_turns_give_equal_chains() => Assert.Equal(
        TurnChain.After(TurnChain.Start, 1, new TurnDigest(3, -5)), TurnChain.After(TurnChain.Start, 1, new TurnDigest(3, -5)));
}
