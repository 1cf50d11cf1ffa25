using System.Globalization;

namespace Lockstep.Bench.Running;

/// <summary>Prints figures one a line, so that two runs can be compared by eye and by diff.</summary>
internal static class Report
{
    private const int LabelWidth = 58;

    /// <summary>A heading.</summary>
    public static void Title(string text) => Console.WriteLine($"\n{text}");

    /// <summary>A figure with its unit.</summary>
    public static void Figure(string label, double value, string unit, string format = "N0") =>
        Console.WriteLine($"  {label.PadRight(LabelWidth)} {value.ToString(format, CultureInfo.InvariantCulture),14} {unit}");

    /// <summary>How a figure stands to its floor or to another figure of the same run.</summary>
    public static void Ratio(string label, double ratio) => Figure(label, ratio, "x", "N2");

    /// <summary>The median and 99th percentile of times in milliseconds.</summary>
    public static void Times(string label, IReadOnlyCollection<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        Figure(label + ", p50", At(sorted, 0.50), "ms", "N2");
        Figure(label + ", p99", At(sorted, 0.99), "ms", "N2");
    }

    private static double At(double[] sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];
}
