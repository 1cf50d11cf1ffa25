using Lockstep.Service.Errors;
using Lockstep.Service.Executions;
using Lockstep.Service.Limits;
using Lockstep.Service.Naming;
using Lockstep.Service.Tenancy;
using Lockstep.Service.Tests.Memory;

namespace Lockstep.Service.Tests;

public sealed class NamingTests
{
    private static readonly ResourceNames Names = new(ServiceLimits.Default);

    [Theory]
    [InlineData("a")]
    [InlineData("Order-flow_2.0")]
    [InlineData("Größe")]
    [InlineData("name!'()+=@")]
    public void A_well_formed_name_is_accepted(string name) => Assert.Null(Names.Check(name, "/name"));

    [Fact]
    public void A_name_has_up_to_the_limit_of_characters()
    {
        Assert.Null(Names.Check(new string('n', 80), "/name"));
        Assert.Equal(ErrorCodes.InvalidName, Names.Check(new string('n', 81), "/name")?.Code);
        Assert.Equal(ErrorCodes.InvalidName, Names.Check("", "/name")?.Code);
    }

    [Fact]
    public void Every_forbidden_character_is_named_with_its_position()
    {
        string forbidden = "<>{}[]?*\"#%\\^|~`$&,;:/ \t\n\u0000\u007f\u009f\u00a0\ud800\uffff";
        Assert.All(forbidden, c =>
        {
            ServiceError? error = Names.Check("ab" + c, "/name");
            Assert.Equal(ErrorCodes.InvalidName, error?.Code);
            Assert.Equal("/name", error?.Target);
            Assert.Contains("position 3", error?.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_function_name_keeps_to_letters_digits_and_three_marks()
    {
        Assert.Null(Names.CheckFunction("Send_mail-2.x", "name"));
        Assert.Null(Names.CheckFunction(new string('f', 140), "name"));
        Assert.NotNull(Names.CheckFunction(new string('f', 141), "name"));
        Assert.NotNull(Names.CheckFunction("", "name"));
        Assert.NotNull(Names.CheckFunction("ä", "name"));
        Assert.NotNull(Names.CheckFunction("a/b", "name"));
    }

    [Fact]
    public void Arns_are_formed_as_Step_Functions_forms_them()
    {
        var arns = new ArnFormat("local");
        Assert.Equal("arn:aws:states:local:000000000001:stateMachine:m", arns.StateMachine(MemoryPlatform.Anna, "m"));
        Assert.Equal("arn:aws:states:local:000000000001:execution:m:e", arns.Execution(MemoryPlatform.Anna, "m", "e", null));
        Assert.Equal("arn:aws:states:local:000000000001:express:m:e:r", arns.Execution(MemoryPlatform.Anna, "m", "e", "r"));
        Assert.Equal("arn:aws:states:local:000000000001:activity:a", arns.Activity(MemoryPlatform.Anna, "a"));
    }

    [Fact]
    public void Arns_are_read_back_whatever_region_and_partition_they_name()
    {
        Assert.True(ArnFormat.TryParseExecution("arn:aws-cn:states:eu-west-1:000000000002:express:m:e:r", out ExecutionKey key));
        Assert.Equal(new ExecutionKey(MemoryPlatform.Bert, "m:e:r"), key);
        Assert.True(ArnFormat.TryParseStateMachine("arn:aws:states:x:000000000001:stateMachine:m", out var tenant, out string? name));
        Assert.Equal((MemoryPlatform.Anna, "m"), (tenant, name));
        Assert.True(ArnFormat.TryParseActivity("arn:aws:states:x:000000000001:activity:a", out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("arn")]
    [InlineData("arn:aws:states:x:1:execution:m:e")]
    [InlineData("arn:aws:lambda:x:000000000001:execution:m:e")]
    [InlineData("arn:aws:states:x:000000000001:execution:m")]
    [InlineData("arn:aws:states:x:000000000001:execution:m:e:r")]
    [InlineData("arn:aws:states:x:000000000001:express:m:e")]
    [InlineData("arn:aws:states:x:000000000001:stateMachine:m")]
    public void What_is_no_execution_arn_is_refused(string arn) => Assert.False(ArnFormat.TryParseExecution(arn, out _));

    [Theory]
    [InlineData("arn:aws:states:x:000000000001:stateMachine:")]
    [InlineData("arn:aws:states:x:000000000001:stateMachine:m:")]
    [InlineData("arn:aws:states:x:000000000001:stateMachine::1")]
    [InlineData("arn:aws:states:x:000000000001:stateMachine:m:1:2")]
    [InlineData("arn:aws:states:x:000000000001:activity:m")]
    public void What_is_no_state_machine_arn_is_refused(string arn) => Assert.False(ArnFormat.TryParseStateMachine(arn, out _, out _));

    [Theory]
    [InlineData("m")]
    [InlineData("m:1")]
    [InlineData("m:live")]
    public void State_machine_arn_names_a_machine_perhaps_with_a_version_or_alias(string reference)
    {
        Assert.True(ArnFormat.TryParseStateMachine("arn:aws:states:x:000000000001:stateMachine:" + reference, out TenantId tenant, out string? read));
        Assert.Equal((MemoryPlatform.Anna, reference), (tenant, read));
    }

    [Fact]
    public void Another_tenants_execution_is_answered_like_none()
    {
        Result<ExecutionKey> read = ExecutionIds.Read(MemoryPlatform.Bert, "arn:aws:states:local:000000000001:execution:m:e");
        Assert.Equal(ErrorCodes.ExecutionDoesNotExist, read.Error?.Code);
        Assert.Equal(ErrorCodes.InvalidArn, ExecutionIds.Read(MemoryPlatform.Bert, "m").Error?.Code);
        Assert.Equal(ErrorCodes.InvalidArn, ExecutionIds.Read(MemoryPlatform.Bert, "arn:nonsense").Error?.Code);
        Assert.Equal(new ExecutionKey(MemoryPlatform.Bert, "m:e"), ExecutionIds.Read(MemoryPlatform.Bert, "m:e").Value);
    }
}
