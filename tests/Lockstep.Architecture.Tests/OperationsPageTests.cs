using System.Globalization;
using System.Text.RegularExpressions;
using Lockstep.Cli;
using Lockstep.Cli.Telemetry;
using Lockstep.Embedded.Hosting;
using Lockstep.Service.Limits;
using Lockstep.TestKit;

namespace Lockstep.Architecture.Tests;

/// <summary>docs/operations.md names every exit code that the command can end with, and no other.</summary>
public sealed partial class OperationsPageTests
{
    /// <summary>What a shell shows of a killed process; the command itself never ends with it.</summary>
    private const int Killed = 137;

    [Fact]
    public void Every_exit_code_is_documented_once()
    {
        int[] documented = [.. Row().Matches(File.ReadAllText(Repository.PathOf("docs/operations.md")))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];
        IEnumerable<int> known = Enum.GetValues<ExitCode>().Select(code => (int)code)
            .Concat(Enum.GetValues<StorageFailure>().Select(failure => (int)failure))
            .Append(Killed);

        Assert.Equal(known.Order(), documented);
    }

    [Fact]
    public void Every_setting_of_store_driver_and_executions_is_documented()
    {
        IEnumerable<string> rows = EmbeddedSettings.Limits
            .Select(limit => Row(limit.Key, Number(limit.Default), limit.Minimum, limit.Maximum, limit.Meaning))
            .Concat(ExecutionSettings.All.Select(setting => Row(
                setting.Key, setting.Default is { } value ? Number(value) : "none", setting.Minimum, setting.Maximum, setting.Meaning)));
        string table = string.Join('\n', ["| key | default | range | meaning |", "| --- | --- | --- | --- |", .. rows]);

        Assert.True(
            File.ReadAllText(Repository.PathOf("docs/operations.md")).Contains("\n\n" + table + "\n\n", StringComparison.Ordinal),
            "docs/operations.md has to contain this table:\n" + table);
    }

    [Fact]
    public void Every_number_of_the_export_is_documented()
    {
        IEnumerable<string> rows = TelemetrySettings.Numbers.Select(setting => string.Create(
            CultureInfo.InvariantCulture,
            $"| `{setting.Key}` | {(setting.Variable is { } variable ? $"`{variable}`" : "")} | {setting.Default:N0} | {setting.Minimum:N0} to {setting.Maximum:N0} | {setting.Meaning} |"));
        string table = string.Join('\n', rows);

        Assert.True(
            File.ReadAllText(Repository.PathOf("docs/operations.md")).Contains("\n" + table + "\n\n", StringComparison.Ordinal),
            "docs/operations.md has to contain these rows:\n" + table);
    }

    private static string Row(string key, string otherwise, long minimum, long maximum, string meaning) =>
        $"| `{key}` | {otherwise} | {Number(minimum)} to {Number(maximum)} | {meaning} |";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
