using System.Buffers;
using System.Globalization;
using System.Text;
using Lockstep.Service.Errors;

namespace Lockstep.Service.Objects;

/// <summary>
/// The rules for buckets and keys, as Amazon S3 has them (User Guide, "Bucket naming rules", "Naming objects"), without control characters in keys,
/// which S3 advises against and few stores accept.
/// </summary>
public static class ObjectNames
{
    /// <summary>Characters that a bucket's name has at least.</summary>
    public const int MinBucketLength = 3;

    /// <summary>Characters that a bucket's name has at most.</summary>
    public const int MaxBucketLength = 63;

    /// <summary>Bytes of UTF-8 that a key has at most.</summary>
    public const int MaxKeyBytes = 1_024;

    private static readonly SearchValues<char> BucketCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Checks a bucket's name; null when it is well formed.</summary>
    public static ServiceError? CheckBucket(string bucket)
    {
        if (bucket.Length is < MinBucketLength or > MaxBucketLength)
        {
            return Refuse("bucket", string.Create(
                CultureInfo.InvariantCulture,
                $"The name of a bucket has {MinBucketLength} to {MaxBucketLength} characters; this one has {bucket.Length}."));
        }

        return bucket.AsSpan().ContainsAnyExcept(BucketCharacters) || !char.IsAsciiLetterOrDigit(bucket[0]) || !char.IsAsciiLetterOrDigit(bucket[^1])
                || bucket.Contains("..", StringComparison.Ordinal)
            ? Refuse("bucket", "The name of a bucket consists of lower-case letters, digits, hyphens and single full stops, and begins and ends with a letter or digit.")
            : null;
    }

    /// <summary>Checks a key; null when it is well formed.</summary>
    public static ServiceError? CheckKey(string key)
    {
        int bytes = Encoding.UTF8.GetByteCount(key);
        if (bytes is < 1 or > MaxKeyBytes)
        {
            return Refuse("key", string.Create(
                CultureInfo.InvariantCulture, $"The key of an object has 1 to {MaxKeyBytes} bytes of UTF-8; this one has {bytes}."));
        }

        for (int i = 0; i < key.Length; i++)
        {
            bool pair = i + 1 < key.Length && char.IsSurrogatePair(key[i], key[i + 1]);
            if (char.IsControl(key[i]) || (char.IsSurrogate(key[i]) && !pair))
            {
                return Refuse("key", string.Create(
                    CultureInfo.InvariantCulture, $"The key has a control character or half of a surrogate pair at position {i + 1}."));
            }

            i += pair ? 1 : 0;
        }

        return null;
    }

    /// <summary>Checks both; null when they are well formed.</summary>
    public static ServiceError? Check(ObjectPlace place) => CheckBucket(place.Bucket) ?? CheckKey(place.Key);

    private static ServiceError Refuse(string target, string message) => new(ErrorCodes.InvalidName, message) { Target = target };
}
