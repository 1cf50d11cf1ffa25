using Lockstep.Asl.Resources;
using Lockstep.Engine;
using Lockstep.Engine.Commands;
using Lockstep.Json;
using Lockstep.Service.Effects;
using Lockstep.Service.Executions;
using Lockstep.Service.Tenancy;

namespace Lockstep.Service.Tests;

public sealed class EffectGateTests
{
    [Fact]
    public void Effects_beyond_the_overall_limit_wait_for_a_place()
    {
        var gate = new EffectGate(maxEffects: 2, maxEffectsPerTenant: 10);
        Effect[] effects = [.. Enumerable.Range(0, 3).Select(index => Of('1', index))];

        Assert.True(gate.TryEnter(effects[0]));
        Assert.True(gate.TryEnter(effects[1]));
        Assert.False(gate.TryEnter(effects[2]));
        Assert.Same(effects[2], gate.Leave(effects[0]));
        Assert.Null(gate.Leave(effects[1]));
        Assert.Equal(1, gate.UnderWay);
    }

    [Fact]
    public void Tenant_at_its_limit_leaves_places_to_others()
    {
        var gate = new EffectGate(maxEffects: 10, maxEffectsPerTenant: 1);
        Effect first = Of('1', 0), second = Of('1', 1), other = Of('2', 0);

        Assert.True(gate.TryEnter(first));
        Assert.False(gate.TryEnter(second));
        Assert.True(gate.TryEnter(other));
        Assert.Null(gate.Leave(other));
        Assert.Same(second, gate.Leave(first));
    }

    [Fact]
    public void Places_go_to_the_tenants_in_turn()
    {
        var gate = new EffectGate(maxEffects: 1, maxEffectsPerTenant: 1);
        Effect running = Of('3', 0);
        Assert.True(gate.TryEnter(running));
        for (int index = 0; index < 3; index++)
        {
            Assert.False(gate.TryEnter(Of('1', index)));
        }

        Assert.False(gate.TryEnter(Of('2', 0)));

        Effect? first = gate.Leave(running);
        Effect? second = gate.Leave(first ?? running);
        Assert.Equal("000000000001", first?.Tenant.Value);
        Assert.Equal("000000000002", second?.Tenant.Value);
    }

    private static Effect Of(char tenant, int ordinal)
    {
        TenantId id = TenantId.TryParse(new string('0', 11) + tenant, out TenantId parsed) ? parsed : default;
        var resource = new TaskResource("arn", ResourceKind.Function, "", "f", IntegrationPattern.RequestResponse);
        return new Effect(new Owner(new ExecutionKey(id, $"m:{ordinal}")), new InvokeTask(new CommandId(ordinal), resource, "S", JsonNull.Instance, 0, null, null, null), static (_, _) => { });
    }

    private sealed record Owner(ExecutionKey Key) : IEffectOwner
    {
        public string EffectKeys => Effects.EffectKeys.Of(Key, 1);
    }
}
