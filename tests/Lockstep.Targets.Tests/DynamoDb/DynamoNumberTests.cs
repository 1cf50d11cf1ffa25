using Lockstep.Targets.DynamoDb;

namespace Lockstep.Targets.Tests.DynamoDb;

public sealed class DynamoNumberTests
{
    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.50", "1.5")]
    [InlineData("+12", "12")]
    [InlineData("1e3", "1000")]
    [InlineData("-1.5E-3", "-0.0015")]
    [InlineData("12345678901234567890123456789012345678", "12345678901234567890123456789012345678")]
    [InlineData("0.00012345678901234567890123456789012345678", "0.00012345678901234567890123456789012345678")]
    public void A_number_has_one_text(string given, string expected)
    {
        Assert.True(DynamoNumber.TryParse(given, out DynamoNumber number));
        Assert.Equal(expected, number.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("1 ")]
    [InlineData("123456789012345678901234567890123456789")]
    [InlineData("1e126")]
    [InlineData("1e-131")]
    public void What_DynamoDB_does_not_hold_is_refused(string given) => Assert.False(DynamoNumber.TryParse(given, out _));

    [Theory]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("1e37", "1", "10000000000000000000000000000000000001")]
    [InlineData("5", "-5", "0")]
    public void Sums_are_exact(string left, string right, string expected)
    {
        Assert.True(DynamoNumber.TryParse(left, out DynamoNumber a) & DynamoNumber.TryParse(right, out DynamoNumber b));
        Assert.True(a.TryAdd(b, out DynamoNumber sum));
        Assert.Equal(expected, sum.ToString());
        Assert.Equal(0, sum.CompareTo(sum));
    }

    [Fact]
    public void A_sum_of_too_many_digits_is_refused()
    {
        Assert.True(DynamoNumber.TryParse("1e38", out DynamoNumber a) & DynamoNumber.TryParse("1", out DynamoNumber b));
        Assert.False(a.TryAdd(b, out _));
        Assert.True(a.CompareTo(b) > 0);
    }
}
