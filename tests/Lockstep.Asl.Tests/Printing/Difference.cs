using System.Globalization;
using System.Reflection;
using Lockstep.Json;
using Lockstep.Json.Paths;
using Lockstep.Jsonata;

namespace Lockstep.Asl.Tests.Printing;

/// <summary>Compares two object graphs field by field, private ones included: what makes two definitions the same whatever their types say of equality.</summary>
internal static class Difference
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Where two graphs differ first, and how; null when they do not.</summary>
    public static string? Find(object? left, object? right) => Find(left, right, "", []);

    private static string? Find(object? left, object? right, string at, HashSet<(object, object)> seen)
    {
        if (ReferenceEquals(left, right))
        {
            return null;
        }

        if (left is null || right is null || left.GetType() != right.GetType())
        {
            return $"{at}: {left ?? "null"} and {right ?? "null"}";
        }

        Type type = left.GetType();
        if (type.IsPrimitive || type.IsEnum || left is string or JsonValue)
        {
            return left.Equals(right) ? null : $"{at}: {left} and {right}";
        }

        if (left is JsonPath or ReferencePath or JsonataExpression or MemberInfo)
        {
            string one = TextOf(left);
            string other = TextOf(right);
            return one == other ? null : $"{at}: {one} and {other}";
        }

        if (!type.IsValueType && !seen.Add((left, right)))
        {
            return null;
        }

        if (left is Delegate does)
        {
            var doesToo = (Delegate)right;
            return Find(does.Method, doesToo.Method, at + "()", seen) ?? Find(does.Target, doesToo.Target, at + "()", seen);
        }

        return left is Array items ? FindInItems(items, (Array)right, at, seen) : FindInFields(type, left, right, at, seen);
    }

    private static string TextOf(object value) => value switch
    {
        JsonataExpression expression => expression.Text,
        MethodInfo method => $"{method.DeclaringType}.{method}",
        _ => value.ToString() ?? "",
    };

    private static string? FindInItems(Array left, Array right, string at, HashSet<(object, object)> seen)
    {
        if (left.Length != right.Length)
        {
            return $"{at}: {left.Length} and {right.Length} items";
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (Find(left.GetValue(i), right.GetValue(i), string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]"), seen) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private static string? FindInFields(Type type, object left, object right, string at, HashSet<(object, object)> seen)
    {
        for (Type? declaring = type; declaring is not null && declaring != typeof(object); declaring = declaring.BaseType)
        {
            foreach (FieldInfo field in declaring.GetFields(OwnFields))
            {
                if (Find(field.GetValue(left), field.GetValue(right), $"{at}/{field.Name}", seen) is { } difference)
                {
                    return difference;
                }
            }
        }

        return null;
    }
}
