using System.Globalization;
using System.Text;
using Lockstep.Azure.Ports;

namespace Lockstep.TestKit.Azure;

/// <summary>Everything that entities consist of, as bytes to look for something in.</summary>
public static class StoredBytes
{
    /// <summary>Keys, names and values, one after the other.</summary>
    public static byte[] Of(IEnumerable<Entity> entities)
    {
        using var all = new MemoryStream();
        foreach (Entity entity in entities)
        {
            all.Write(Encoding.UTF8.GetBytes(entity.Key.ToString()));
            foreach ((string name, object value) in entity.Properties)
            {
                all.Write(Encoding.UTF8.GetBytes(name));
                all.Write(value is ReadOnlyMemory<byte> bytes ? bytes.Span : Encoding.UTF8.GetBytes(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
            }
        }

        return all.ToArray();
    }
}
