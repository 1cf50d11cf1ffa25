using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lockstep.Service.Executions;

namespace Lockstep.Azure.Executions;

/// <summary>
/// The ids of orchestration instances. A hash, because names are longer than an id may be and may have characters that an id may not; whoever
/// knows an execution knows its instance, without asking anybody.
/// </summary>
public static class ExecutionInstances
{
    /// <summary>The first redrive generation: the one that runs until somebody redrives.</summary>
    public const long FirstGeneration = 0;

    private const string Prefix = "x-";
    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";
    private const int HashBytes = 20;
    private const int BitsPerDigit = 5;

    /// <summary>The instance that runs an execution: 34 characters.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="incarnation">Counts executions that had the same key before.</param>
    /// <param name="generation">How often it has been redriven.</param>
    public static string IdOf(ExecutionKey execution, long incarnation = 1, long generation = FirstGeneration)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{execution.Tenant.Value}|{execution.Id}|{incarnation}|{generation}");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(Prefix.Length + (HashBytes * 8 / BitsPerDigit), hash, static (id, bytes) =>
        {
            Prefix.CopyTo(id);
            int bits = 0;
            int held = 0;
            int next = 0;
            for (int place = Prefix.Length; place < id.Length; place++)
            {
                if (held < BitsPerDigit)
                {
                    bits = ((bits << 8) | bytes[next++]) & 0xFFFF;
                    held += 8;
                }

                held -= BitsPerDigit;
                id[place] = Digits[(bits >> held) & (Digits.Length - 1)];
            }
        });
    }
}
