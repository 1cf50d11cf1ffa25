using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Lockstep.Bench.Floors;

/// <summary>What System.Text.Json alone takes for the JSON that a step or a start moves.</summary>
internal static class JsonFloor
{
    private const string Answer = """{"ok":true}""";

    /// <summary>Writes a step's request body and reads the function's answer.</summary>
    public static double MicrosecondsPerStep(string input, int rounds)
    {
        using var payload = JsonDocument.Parse(input);
        byte[] answer = Encoding.UTF8.GetBytes(Answer);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        return Measure(rounds, () =>
        {
            buffer.ResetWrittenCount();
            writer.Reset(buffer);
            payload.RootElement.WriteTo(writer);
            writer.Flush();
            using var read = JsonDocument.Parse(answer);
            GC.KeepAlive(read);
        });
    }

    /// <summary>Reads the body of a start and writes its answer.</summary>
    public static double MicrosecondsPerStart(string body, int rounds)
    {
        byte[] request = Encoding.UTF8.GetBytes(body);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        return Measure(rounds, () =>
        {
            using var read = JsonDocument.Parse(request);
            buffer.ResetWrittenCount();
            writer.Reset(buffer);
            read.RootElement.WriteTo(writer);
            writer.Flush();
        });
    }

    private static double Measure(int rounds, Action round)
    {
        for (int warmUp = 0; warmUp < rounds; warmUp++)
        {
            round();
        }

        long begun = Stopwatch.GetTimestamp();
        for (int measured = 0; measured < rounds; measured++)
        {
            round();
        }

        return Stopwatch.GetElapsedTime(begun).TotalMicroseconds / rounds;
    }
}
