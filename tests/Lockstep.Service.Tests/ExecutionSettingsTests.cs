using System.Globalization;
using Lockstep.Engine;
using Lockstep.Service.Errors;
using Lockstep.Service.Limits;

namespace Lockstep.Service.Tests;

/// <summary>The limits that new executions get for life: each within its range, named when it is not.</summary>
public sealed class ExecutionSettingsTests
{
    public static TheoryData<string> Names => [.. ExecutionSettings.All.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_limit_is_taken_at_both_ends_of_its_range_and_refused_beyond(string name)
    {
        ExecutionSetting setting = ExecutionSettings.All.Single(setting => setting.Name == name);
        foreach (int end in new[] { setting.Minimum, setting.Maximum })
        {
            Result<ExecutionLimits> read = Read(setting, end);
            Assert.True(read.Succeeded);
            object? value = typeof(ExecutionLimits).GetProperty(name)?.GetValue(read.Value);
            Assert.Equal(end, Convert.ToInt64(value, CultureInfo.InvariantCulture));
        }

        foreach (long beyond in new[] { setting.Minimum - 1L, setting.Maximum + 1L })
        {
            Result<ExecutionLimits> refused = Read(setting, beyond);
            Assert.False(refused.Succeeded);
            Assert.StartsWith(setting.Key + " ", refused.Error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_defaults_are_those_of_the_interpreter()
    {
        Result<ExecutionLimits> read = ExecutionSettings.Read(_ => null, ExecutionLimits.Default);
        Assert.True(read.Succeeded);
        Assert.Equal(ExecutionLimits.Default, read.Value);
        Assert.Equal(
            ExecutionLimits.Default,
            ExecutionSettings.All.Where(setting => setting.Default is not null)
                .Aggregate(ExecutionLimits.Default, (limits, setting) => setting.With(limits, setting.Default ?? 0)));
    }

    private static Result<ExecutionLimits> Read(ExecutionSetting setting, long value) => ExecutionSettings.Read(
        key => key == setting.Key ? value.ToString(CultureInfo.InvariantCulture) : null, ExecutionLimits.Default);
}
